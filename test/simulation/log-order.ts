/**
 * The legal order of a server's messages on its groups and resources: what has begun ends, once,
 * before anything else begins on the same object. A daemon that starts anew knows of nothing begun.
 *
 *     10 ─► 11 | 12    a group starts            20 ─► 21 | 22    it stops
 *     30 ─► 31 | 32    a resource starts         40 ─► 41 | 42    it stops
 *
 * A group may be stopped (20) while it starts (10): then nothing more is said of its start.
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
/** Module pm, id 1: the daemon starts. */
const DAEMON_STARTS = 1;

export class LogOrder {
  readonly #names: RegExp;
  /** By server: what has begun, by object. */
  #begun = new Map<string, Map<string, number>>();
  #read = 0;

  constructor({ groups, resources }: ClusterConfiguration) {
    const names = [...groups, ...resources].map(({ name }) => name);
    this.#names = new RegExp(`\\b(${names.join('|')})\\b`);
  }

  /** What is wrong with the entries since the last call. */
  judge(log: readonly LogEntry[]): string[] {
    const wrong = log.slice(this.#read).flatMap((entry) => this.#take(entry) ?? []);
    this.#read = log.length;
    return wrong;
  }

  #take({ server, module, id, text }: LogEntry): string | null {
    if (module === 'pm' && id === DAEMON_STARTS) this.#begun.delete(server);
    if (module !== 'rc' || typeof id !== 'number') return null;
    const object = this.#names.exec(text)?.[1];
    if (object === undefined) return null;
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
}
