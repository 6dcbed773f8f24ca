/**
 * What is collected by itself when something failed (x5 2.9): the server's own program makes an archive
 * of it (src/commands/clp/clpecap.ts). Nobody waits for that: one runs at a time, so many more wait and
 * what comes then is left out, each has so long, and with the boot all are gone.
 */
import { type Generation, type MessageKey, messageIfKnown, messageOf } from '../messages/index.ts';
import { investigationOf } from '../messages/investigated.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log, LogEntry } from '../ports/log.ts';
import type { Machinery } from '../ports/machinery.ts';

const MOST_WAITING = 10;
const LIMIT_MS = 60_000;
/** Of what the program says of its failure. */
const MOST_WORDS = 500;

export interface InvestigationsWorld {
  server: string;
  manual: Generation;
  clock: Clock;
  machinery: Pick<Machinery, 'spawnCommand'>;
  log: Log;
  /** Id of the boot while the system is up, else null. */
  bootId(): string | null;
}

/** `20260131235959`, in UTC as other times of the cluster: our choice. */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

export class Investigations {
  readonly #world: InvestigationsWorld;
  /** The boot of what waits and of what runs. */
  #bootId: string | null = null;
  #waiting: { entry: LogEntry; monitor: string | null; argv: string[] }[] = [];
  #isBusy = false;
  /** Runs so far, so that each is another operation. */
  #runs = 0;

  constructor(world: InvestigationsWorld) {
    this.#world = world;
  }

  /** A message of this server. v3 has none of this. */
  take(entry: LogEntry): void {
    const { manual, clock, bootId } = this.#world;
    const found = manual === 'x5' ? investigationOf(entry) : null;
    const boot = bootId();
    if (found === null || boot === null) return;
    if (boot !== this.#bootId) {
      this.#bootId = boot;
      this.#waiting = [];
      this.#isBusy = false;
    }
    if (this.#waiting.length >= MOST_WAITING) return;
    const words = ['-t', timeOf(entry.at), '-m', entry.module, '-e', String(entry.id)];
    const name = found.name === null ? [] : ['-n', found.name];
    const monitor = found.of === 'monitor' ? found.name : null;
    this.#waiting.push({ entry, monitor, argv: ['clpecap', ...words, ...name] });
    // Whoever said it goes on first.
    clock.at(clock.now(), () => this.#next());
  }

  #next(): void {
    const boot = this.#world.bootId();
    if (this.#isBusy || boot === null || boot !== this.#bootId) return;
    const next = this.#waiting.shift();
    if (next === undefined) return;
    this.#isBusy = true;
    let said = '';
    this.#say(next.monitor, 'collectionBegun', LIMIT_MS / 1000);
    const end = (why: string | null) => {
      if (this.#bootId !== boot) return;
      this.#isBusy = false;
      if (why === null) this.#say(next.monitor, 'collectionEnded');
      else if (!this.#say(next.monitor, 'collectionFailed', why)) this.#complain(next.entry, why);
      this.#next();
    };
    this.#runs += 1;
    const operation = `investigation ${this.#runs} of ${boot}`;
    const run = { operation, answers: [], timeoutMs: LIMIT_MS };
    try {
      this.#world.machinery.spawnCommand(
        { ...run, argv: next.argv, isAside: true },
        {
          output: (stream, text) => {
            if (stream === 'stderr') said = (said + text).slice(0, MOST_WORDS);
          },
          end: ({ exitCode }) => end(exitCode === 0 ? null : said.trim() || `exit ${exitCode}`),
        },
      );
    } catch (error) {
      end(error instanceof Error ? error.message : String(error));
    }
  }

  /** Of one that a monitor's error began (rm 130 to 132); false: it was another's. */
  #say(monitor: string | null, key: MessageKey<'x5'>, ...args: (string | number)[]): boolean {
    if (monitor === null) return false;
    const { log, clock, server, manual } = this.#world;
    const message = messageIfKnown(manual, key, [monitor, ...args]);
    if (message) log({ at: clock.now(), server, ...message });
    return message !== null;
  }

  #complain({ module, id }: LogEntry, why: string): void {
    const { log, clock, server, manual } = this.#world;
    log({ at: clock.now(), server, ...messageOf(manual, 'investigationFailed', module, id, why) });
  }
}
