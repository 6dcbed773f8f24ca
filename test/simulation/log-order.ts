/**
 * The legal order of a server's messages on its groups and resources: what has begun ends, once,
 * before anything else begins on the same object. A daemon that starts anew knows of nothing begun.
 *
 *     10 ─► 11 | 12    a group starts            20 ─► 21 | 22    it stops
 *     30 ─► 31 | 32    a resource starts         40 ─► 41 | 42    it stops
 *
 * A group may be stopped (20) while it starts (10): then nothing more is said of its start. A
 * resource starts after all that it depends on, and stops before all of that. A daemon that stops in
 * order (pm 24) says so once, and then nothing that was begun goes on.
 */
import type { LogEntry } from '../../src/ports/log.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';

const ENDS: Record<number, readonly number[]> = {
  10: [11, 12],
  20: [21, 22],
  30: [31, 32],
  40: [41, 42],
};
const BEGINNING_OF = new Map(
  Object.entries(ENDS).flatMap(([begins, ends]) => ends.map((end) => [end, Number(begins)])),
);
/** Module pm: the daemon starts, and has stopped in order. */
const DAEMON_STARTS = 1;
const DAEMON_STOPPED = 24;

export class LogOrder {
  readonly #names: RegExp;
  /** By server: what has begun, by object. */
  #begun = new Map<string, Map<string, number>>();
  /** By server: the resources that are online. */
  #online = new Map<string, Set<string>>();
  /** Servers whose daemon has stopped in order. */
  #stopped = new Set<string>();
  #dependsOn: Map<string, readonly string[]>;
  #read = 0;

  constructor({ groups, resources }: ClusterConfiguration) {
    const names = [...groups, ...resources].map(({ name }) => name);
    this.#dependsOn = new Map(resources.map(({ name, dependsOn }) => [name, dependsOn]));
    this.#names = new RegExp(`\\b(${names.join('|')})\\b`);
  }

  /** What is wrong with the entries since the last call. */
  judge(log: readonly LogEntry[]): string[] {
    const wrong = log.slice(this.#read).flatMap((entry) => this.#take(entry) ?? []);
    this.#read = log.length;
    return wrong;
  }

  /** What was begun and has not ended. */
  open(): string[] {
    return [...this.#begun].flatMap(([server, begun]) =>
      [...begun].map(([object, id]) => `${server} never says the end of rc ${id} of ${object}`),
    );
  }

  #take({ server, module, id, text }: LogEntry): string | null {
    if (module === 'pm' && id === DAEMON_STARTS) {
      this.#begun.delete(server);
      this.#online.delete(server);
      this.#stopped.delete(server);
    }
    if (module === 'pm' && id === DAEMON_STOPPED) return this.#stop(server);
    if (module !== 'rc' || typeof id !== 'number') return null;
    const object = this.#names.exec(text)?.[1];
    if (object === undefined) return null;
    const outOfTurn = this.#outOfTurn(server, id, object);
    if (outOfTurn !== null) return outOfTurn;
    const begun = this.#begun.get(server) ?? new Map<string, number>();
    this.#begun.set(server, begun);
    const open = begun.get(object);
    if (ENDS[id]) {
      begun.set(object, id);
      if (open === undefined || (open === 10 && id === 20)) return null;
      return `${server} says rc ${id} of ${object} before the end of rc ${open}`;
    }
    const begins = BEGINNING_OF.get(id);
    if (begins === undefined) return null;
    begun.delete(object);
    return open === begins ? null : `${server} says rc ${id} of ${object}, which had not begun`;
  }

  #stop(server: string): string | null {
    if (this.#stopped.has(server)) return `${server} says a second time that its daemon stops`;
    this.#stopped.add(server);
    const [open] = this.#begun.get(server) ?? [];
    return open
      ? `the daemon of ${server} stops before the end of rc ${open[1]} of ${open[0]}`
      : null;
  }

  #outOfTurn(server: string, id: number, object: string): string | null {
    const online = this.#online.get(server) ?? new Set<string>();
    this.#online.set(server, online);
    if (id === 31) online.add(object);
    if (id === 41) online.delete(object);
    const lower = this.#dependsOn.get(object) ?? [];
    const missing = id === 30 ? lower.find((name) => !online.has(name)) : undefined;
    if (missing) return `${server} starts ${object} before ${missing}, on which it depends`;
    const upper = [...online].find((name) => this.#dependsOn.get(name)?.includes(object));
    if (id !== 40 || !upper) return null;
    return `${server} stops ${object} before ${upper}, which depends on it`;
  }
}
