/**
 * A command that ends with 0 has done what it was asked for, and that lasts:
 *
 *     clpgrp -s GROUP   the group runs on a server
 *     clpgrp -t GROUP   where it ran it runs no more; and nobody starts it without an order
 *     clpgrp -m GROUP   where it ran it runs no more, and on another server it does
 *     clpcl -t, -s      the server's daemon has ended; it runs
 *
 * Faults may undo it at once. So it is enough that it was so at some time since the command began;
 * and of groups it is asked only while every server hears every other one, and one of them runs.
 */
import type { LogEntry } from '../../src/ports/log.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';

/** What a server's answer, and what others say of it, take at most. */
const MOMENT_MS = 2000;
/** Several looks later its effects have been seen. */
const JUDGED_AFTER_MS = 50;
/** The others have heard by then that a group was stopped. */
const FIRM_MS = 1000;
/** Module rc: a group is started. */
const GROUP_STARTS = 10;
/** Module pm: a daemon starts. */
const DAEMON_STARTS = 1;
/** Whoever types one of these may have any group started. */
const STARTS = new Set([
  'clpgrp',
  'clprsc',
  'clpcl',
  'clpdown',
  'clpstdn',
  'clpcfctrl',
  'clptrnreq',
]);

interface Begun {
  server: string;
  argv: readonly string[];
  at: number;
  /** Where its group ran then, as far as the server could know. */
  holders: string[];
  isWhole: boolean;
}

type Ended = Begun & { endedAt: number };

export type Runs = (server: SimServer, group: string) => boolean;

export class Answers {
  readonly #servers: readonly SimServer[];
  readonly #groups: readonly string[];
  readonly #runs: Runs;
  /** By group and server: when it was last seen running there, and when not. */
  #ranAt = new Map<string, number>();
  #freeAt = new Map<string, number>();
  /** By server: when its daemon was last seen, and when not. */
  #daemonAt = new Map<string, number>();
  #withoutAt = new Map<string, number>();
  #open = new Set<Begun>();
  /** Those that ended with 0, to be judged a moment later. */
  #ended: Ended[] = [];
  /** Groups stopped by order, and when. */
  #stopped = new Map<string, number>();
  #isWhole = false;

  constructor(servers: readonly SimServer[], groups: readonly string[], runs: Runs) {
    this.#servers = servers;
    this.#groups = groups;
    this.#runs = runs;
  }

  /**
   * What is wrong now. `isWhole`: every server that is online hears every other one. `hears`: nothing
   * lies between these two. Nobody asks the command of a server that cannot hear its own meanwhile.
   */
  look(now: number, isWhole: boolean, hears: (one: string, other: string) => boolean): string[] {
    for (const server of this.#servers) {
      const { name } = server;
      (server.isRunning('daemon') ? this.#daemonAt : this.#withoutAt).set(name, now);
      for (const group of this.#groups) {
        (this.#runs(server, group) ? this.#ranAt : this.#freeAt).set(`${group} ${name}`, now);
      }
    }
    this.#isWhole = isWhole;
    if (!isWhole) this.#stopped.clear();
    for (const begun of this.#open) {
      if (!this.#isThere(begun)) this.#open.delete(begun);
      const { server, holders } = begun;
      begun.holders = holders.filter((name) => name === server || hears(name, server));
    }
    const due = this.#ended.filter(({ endedAt }) => now - endedAt >= JUDGED_AFTER_MS);
    this.#ended = this.#ended.filter((one) => !due.includes(one));
    return due.flatMap((begun) => this.#judge(begun) ?? []);
  }

  #isThere({ server }: Begun): boolean {
    return this.#servers.some((one) => one.name === server && one.isUp());
  }

  began(server: string, argv: readonly string[], now: number): Begun {
    const [, , group = ''] = argv;
    const holders = this.#servers.filter((one) => this.#runs(one, group));
    const names = holders.map(({ name }) => name);
    const begun = { server, argv, at: now, holders: names, isWhole: this.#isWhole };
    if (STARTS.has(argv[0] ?? '')) this.#stopped.clear();
    this.#open.add(begun);
    return begun;
  }

  ended(begun: Begun, exitCode: number | null, now: number): void {
    this.#open.delete(begun);
    if (exitCode !== 0) return;
    this.#ended.push({ ...begun, endedAt: now });
    this.#noteStopped(begun, now);
  }

  #judge(begun: Ended): string | null {
    const lacking = this.#lacking(begun);
    if (lacking === null) return null;
    return `'${begun.argv.join(' ')}' on ${begun.server} ended with 0, but ${lacking}`;
  }

  /** Somebody starts what was stopped by order. */
  take({ server, module, id, text }: LogEntry, now: number): string | null {
    // Between two looks one may end and the next one start, or one start and end.
    if (module === 'pm' && id === DAEMON_STARTS) {
      this.#withoutAt.set(server, now);
      this.#daemonAt.set(server, now);
    }
    if (module !== 'rc' || id !== GROUP_STARTS) return null;
    const group = this.#groups.find((name) => new RegExp(`\\b${name}\\b`).test(text));
    const since = group === undefined ? undefined : this.#stopped.get(group);
    if (since === undefined || now - since < FIRM_MS) return null;
    return `${server} starts ${group}, which was stopped by order ${Math.round(now - since)} ms ago`;
  }

  #lacking(begun: Ended): string | null {
    const [command, option, group = ''] = begun.argv;
    const isGroups = command === 'clpgrp' && begun.argv.length === 3;
    if (isGroups && begun.isWhole && this.#groups.includes(group)) {
      return this.#groupLacks(begun, option ?? '', group);
    }
    const isOwn = command === 'clpcl' && begun.argv.length === 2;
    const seen = isOwn && { '-t': this.#withoutAt, '-s': this.#daemonAt }[option ?? ''];
    if (!seen || (seen.get(begun.server) ?? 0) >= begun.at - MOMENT_MS) return null;
    return option === '-t' ? 'the daemon never ended' : 'no daemon runs';
  }

  #groupLacks({ at, endedAt, holders }: Ended, option: string, group: string): string | null {
    const isSince = (seen: Map<string, number>, name: string, since: number) =>
      (seen.get(`${group} ${name}`) ?? 0) >= since;
    const names = this.#servers.map(({ name }) => name);
    if (option === '-s') {
      const since = Math.min(at, endedAt - MOMENT_MS);
      return names.some((name) => isSince(this.#ranAt, name, since))
        ? null
        : `${group} runs nowhere`;
    }
    const left = holders.find((name) => !isSince(this.#freeAt, name, at));
    if (left !== undefined) return `${group} never stopped on ${left}`;
    if (option !== '-m' || holders.length !== 1) return null;
    const others = names.filter((name) => !holders.includes(name));
    return others.some((name) => isSince(this.#ranAt, name, at)) ? null : `${group} did not start`;
  }

  #noteStopped({ argv }: Begun, now: number): void {
    const [command, option, group = ''] = argv;
    if (argv.length !== 3 || command !== 'clpgrp' || option !== '-t') return;
    const isAlone = [...this.#open].every((one) => !STARTS.has(one.argv[0] ?? ''));
    if (isAlone && this.#groups.includes(group)) this.#stopped.set(group, now);
  }
}
