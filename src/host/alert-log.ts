/**
 * The alert log of a server: its own alerts and those of the other servers, in one file. Of each
 * server the last ones are held; the file is written anew when it holds twice as many.
 */

import { ALERT_LOG_FOLDER } from '../core/paths.ts';
import type { LogFiles } from '../ports/files.ts';
import { type Alert, alertLine, readAlertLine } from './lines.ts';

export const ALERT_LOG_PATH = `${ALERT_LOG_FOLDER}/alertlog.alt`;
/** Alerts held of each server. */
export const MOST_ALERTS = 1_000;

/** The time of the latest alert that is held of each server. */
export type HeldAlerts = Record<string, number>;

/** 0: nothing of that server. */
export function heldOf(held: HeldAlerts, server: string): number {
  return Object.hasOwn(held, server) ? (held[server] ?? 0) : 0;
}

/** Of one server's alerts, oldest first, those that are newer than what is held of it. */
function newest(alerts: readonly Alert[], held: HeldAlerts): readonly Alert[] {
  const [first] = alerts;
  if (!first) return [];
  const from = heldOf(held, first.server);
  let [low, high] = [0, alerts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (alerts[middle]!.at > from) high = middle;
    else low = middle + 1;
  }
  return alerts.slice(low);
}

export class AlertLog {
  readonly #files: LogFiles;
  readonly #known: ReadonlySet<string>;
  readonly #of = new Map<string, Alert[]>();
  #lines = 0;

  /** `servers`: of the cluster; alerts of others are not taken. */
  constructor(files: LogFiles, servers: readonly string[]) {
    this.#files = files;
    this.#known = new Set(servers);
  }

  /** What is there, by its file; a line that is none is passed over. */
  async load(): Promise<void> {
    this.#of.clear();
    const lines = ((await this.#files.read(ALERT_LOG_PATH)) ?? '').split('\n');
    this.#lines = lines.length;
    for (const line of lines) {
      const alert = readAlertLine(line);
      if (alert) this.#hold(alert);
    }
  }

  /** False when it is held already, is older than what is held, or is of a stranger. */
  #hold(alert: Alert): boolean {
    if (!this.#known.has(alert.server)) return false;
    const held = this.#of.get(alert.server) ?? [];
    if (alert.at <= (held.at(-1)?.at ?? 0)) return false;
    held.push(alert);
    if (held.length > MOST_ALERTS) held.splice(0, held.length - MOST_ALERTS);
    this.#of.set(alert.server, held);
    return true;
  }

  latest(server: string): number {
    return this.#of.get(server)?.at(-1)?.at ?? 0;
  }

  held(): HeldAlerts {
    return Object.fromEntries([...this.#of.keys()].map((server) => [server, this.latest(server)]));
  }

  /** What somebody lacks who holds that much, oldest first, at most so many; of that server, or of all. */
  lackedBy(held: HeldAlerts, most: number, server?: string): Alert[] {
    const own = server === undefined ? [...this.#of.values()] : [this.#of.get(server) ?? []];
    return own
      .flatMap((alerts) => newest(alerts, held).slice(0, most))
      .sort((a, b) => a.at - b.at)
      .slice(0, most);
  }

  /** Whether somebody lacks anything, of that server, who holds that much. */
  isAheadOf(held: HeldAlerts, server: string): boolean {
    return this.latest(server) > heldOf(held, server);
  }

  /** … of any. */
  isAheadOfAny(held: HeldAlerts): boolean {
    for (const server of this.#of.keys()) if (this.isAheadOf(held, server)) return true;
    return false;
  }

  /** Adds what is new, in the order given. */
  async add(alerts: readonly Alert[], now: number): Promise<void> {
    const fresh = alerts.filter((alert) => this.#hold(alert));
    if (fresh.length === 0) return;
    this.#lines += fresh.length;
    const text = fresh.map((alert) => alertLine(alert, now)).join('');
    await this.#files.append(ALERT_LOG_PATH, text);
    if (this.#lines <= 2 * MOST_ALERTS * this.#known.size) return;
    const all = [...this.#of.values()].flat().sort((a, b) => a.at - b.at);
    this.#lines = all.length;
    await this.#files.write(
      ALERT_LOG_PATH,
      all.map((alert) => alertLine(alert, alert.at)).join(''),
    );
  }
}
