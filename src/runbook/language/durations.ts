/** `500ms`, `30s`, `5m`, `2h` in milliseconds. */
const UNIT_MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

export function durationMs(text: string): number {
  const [, figures, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
  const factor = UNIT_MS[unit ?? ''];
  if (figures === undefined || factor === undefined) {
    throw new Error(`defect: '${text}' is no duration; the schema should have refused it`);
  }
  return Number(figures) * factor;
}
