/** Chance as a port: seeded in the twin, the system's in lab and live. */
export interface Random {
  /** A fresh identifier, e.g. a boot id or a mirror generation: 16 lower-case hex digits. */
  id(): string;
  /** A float in [0, 1). */
  next(): number;
}
