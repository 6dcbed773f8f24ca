/**
 * What no history may show, watched from outside every few milliseconds of virtual time: by the
 * addresses and mounts that the servers' systems really hold, not by what any daemon says.
 *
 *     one home        a group runs on one server, unless the two could lately not hear each other;
 *                     with a forced stop configured, never on two
 *     found out       two that run the same group and hear each other do not go on so
 *     not beside      nobody starts what runs on another server whom he hears (beside.ts)
 *     not too soon    nobody says that a server is down which he could hear until just now
 *     not risen       nobody says that a server is up which has stopped and not started since
 *     once            no operation id is ever started twice
 *     one at a time   a run does not act between the acts of another one: the lease is one run's,
 *                     taken on a majority of the servers (holding.ts)
 *
 * What a command's exit code promises, what a daemon leaves behind, and how partitions are resolved
 * are in answers.ts, remains.ts and split.ts.
 */
import { isOsUp } from '../../src/host/turn.ts';
import type { LogEntry } from '../../src/ports/log.ts';
import type { SimServer } from '../../src/sim/sim-server.ts';
import type { Twin } from '../../src/sim/twin.ts';
import { Answers } from './answers.ts';
import { Beside } from './beside.ts';
import { whyNotHeld } from './holding.ts';
import { Remains } from './remains.ts';
import { Split } from './split.ts';

const EVERY_MS = 10;
/** A server that became deaf starts what another one runs within this time, heartbeats lost. */
const RECENT_MS = 90_000;
/** So long two that hear each other may run the same group. */
const FOUND_OUT_MS = 30_000;
/** Module pm: a daemon starts; it begins to stop in order; it has stopped. */
const DAEMON_STARTS = 1;
const DAEMON_STOPS = 2;
const DAEMON_STOPPED = 24;
/** Module rc: a group begins to stop; it did; it could not. */
const GROUP_STOPS = 20;
const GROUP_STOPPED = 21;
const GROUP_STUCK = 22;
/** Module nm: a server counts as up; as down. */
const SERVER_UP = 1;
const SERVER_DOWN = 2;
/** Of an interval: so long a server waits that keeps step with one that is silent (heartbeats.ts). */
const LONGEST_STEP = 1.25;
/** What lies between two looks, and a moment. */
const MOMENT_MS = 3 * EVERY_MS;
/** A daemon that is so young may be heard instead of the one before it. */
const YOUNG_MS = 5000;

interface Doubled {
  since: number;
  isTold: boolean;
}

export class Watch {
  readonly found: string[] = [];
  readonly #twin: Twin;
  readonly #addresses: { group: string; ip: string }[];
  readonly #lans: string[];
  /** By pair `a b`: when their cables could last not carry what they say. */
  #deaf = new Map<string, number>();
  /** By pair `a b`: when one of the two daemons did last not run. */
  #away = new Map<string, number>();
  /** By pair `a b`: since when nothing lies between them. */
  #soundSince = new Map<string, number>();
  /** By pair `a b`: when they could last hear each other. */
  #heard = new Map<string, number>();
  /** By server: when its daemon did last not run. */
  #without = new Map<string, number>();
  /** By server: when it last was suspended, and listened to nobody. */
  #deafUntil = new Map<string, number>();
  /** By server: when it last hung. */
  #hung = new Map<string, number>();
  /** Servers whose daemon stops in order. */
  #leaving = new Set<string>();
  /** By `group server`: it stops there, as long as its scripts take. */
  #stopping = new Set<string>();
  /** By server that is suspended, or went down so, as far as the others heard: the groups that it ran last. */
  readonly suspended = new Map<string, string[]>();
  #logSeen = 0;
  /** Runs in the order in which each began to act. */
  #acting: string[] = [];
  #doubled = new Map<string, Doubled>();
  /** Servers whose daemon has stopped in order, and not started since. */
  #stopped = new Set<string>();
  /** By `server peer`: since then it said that this one is down. */
  #ended = new Set<string>();
  readonly #answers: Answers;
  readonly #remains: Remains;
  readonly #split: Split;
  readonly #beside: Beside;
  #isOver = false;

  constructor(twin: Twin) {
    this.#twin = twin;
    this.#addresses = twin.config.groups.flatMap(({ name, resources }) => {
      const fip = twin.config.resources.find(
        (one) => one.type === 'fip' && resources.includes(one.name),
      );
      return fip ? [{ group: name, ip: String(fip.parameters.ip) }] : [];
    });
    this.#lans = twin.network.cables.nets.filter((net) => net.startsWith('lan'));
    const groups = this.#addresses.map(({ group }) => group);
    this.#answers = new Answers(twin.servers, groups, (server, group) => {
      return isOsUp(server.state()) && this.#runs(server, group);
    });
    this.#remains = new Remains(twin.servers);
    this.#split = new Split(twin);
    this.#beside = new Beside(twin, (server, group) => this.#runs(server, group));
    this.#watchOperations();
    this.#arm();
  }

  stop(): void {
    this.#isOver = true;
  }

  #arm(): void {
    const { clock } = this.#twin;
    clock.atQuietly(clock.exact() + EVERY_MS, () => {
      if (this.#isOver) return;
      this.#look();
      this.#arm();
    });
  }

  #watchOperations(): void {
    for (const server of this.#twin.servers) {
      const started = new Set<string>();
      const spawn = server.spawnCommand.bind(server);
      server.spawnCommand = (run, on) => {
        const words = `${server.name} starts operation ${run.operation} a second time`;
        if (started.has(run.operation)) this.found.push(words);
        started.add(run.operation);
        this.#lookAtLease(run.operation);
        const begun = this.#answers.began(server.name, run.argv, this.#twin.clock.now());
        const end: typeof on.end = (ended) => {
          this.#answers.ended(begun, ended.exitCode, this.#twin.clock.now());
          on.end(ended);
        };
        spawn(run, { ...on, end });
      };
    }
  }

  /** A run that acts, and another one before it has ended: both believe that the lease is theirs. */
  #lookAtLease(operation: string): void {
    const [run = '', ...step] = operation.split('/');
    if (step.length === 0 || run === this.#acting.at(-1)) return;
    if (this.#acting.includes(run)) {
      this.found.push(`run ${run} acts again after run ${this.#acting.at(-1)} did`);
    } else {
      const words = whyNotHeld(this.#twin.servers, run);
      if (words) this.found.push(words);
    }
    this.#acting.push(run);
  }

  #look(): void {
    const { servers, clock } = this.#twin;
    const now = clock.now();
    for (const server of servers) {
      if (!server.isRunning('daemon')) this.#without.set(server.name, now);
      if (server.state().frozen) this.#hung.set(server.name, now);
    }
    this.#split.look(now);
    this.#beside.look(now);
    for (const [at, one] of servers.entries()) {
      for (const other of servers.slice(at + 1)) {
        this.#noteHearing(one, other, now);
        if (isOsUp(one.state()) && isOsUp(other.state())) this.#lookAt(one, other, now);
      }
    }
    const hears = (one: string, other: string) =>
      this.#soundSince.has([one, other].sort().join(' '));
    this.found.push(...this.#answers.look(now, this.#isWhole(), hears));
    this.#lookAtLog(now);
    this.found.push(...this.#remains.look(now));
    for (const [key] of this.#doubled) {
      const [group = '', ...names] = key.split(' ');
      const holds = (name: string) => {
        const server = this.#twin.server(name);
        return isOsUp(server.state()) && this.#runs(server, group);
      };
      if (!names.every(holds)) this.#doubled.delete(key);
    }
  }

  /** Every server whose daemon runs is online and hears every other one; and there is one. */
  #isWhole(): boolean {
    const online = this.#twin.servers.filter((one) => one.isRunning('daemon'));
    const areOnline = online.every((one) => one.state().node.value === 'online');
    if (online.length === 0 || !areOnline) return false;
    return online.every((one, at) =>
      online.slice(at + 1).every((other) => this.#soundSince.has(`${one.name} ${other.name}`)),
    );
  }

  #runs(server: SimServer, group: string): boolean {
    const found = this.#addresses.find((one) => one.group === group);
    return found !== undefined && server.state().addresses[found.ip] !== undefined;
  }

  /** Frozen, a server still runs what it ran, and hears nobody. */
  #noteHearing(one: SimServer, other: SimServer, now: number): void {
    const pair = `${one.name} ${other.name}`;
    const isAway = !one.isRunning('daemon') || !other.isRunning('daemon');
    const isDeaf = this.#isDeaf(one, other);
    if (isAway) this.#away.set(pair, now);
    if (isDeaf) this.#deaf.set(pair, now);
    const areOnline = [one, other].every((server) => server.state().node.value === 'online');
    if (!areOnline || isAway || isDeaf) this.#soundSince.delete(pair);
    else if (!this.#soundSince.has(pair)) this.#soundSince.set(pair, now);
    // Only then has a heartbeat surely come.
    const { intervalMs } = this.#twin.config.heartbeat;
    const isHeard = now - (this.#soundSince.get(pair) ?? now) > 2 * intervalMs;
    if (isHeard) this.#heard.set(pair, now);
  }

  #lookAt(one: SimServer, other: SimServer, now: number): void {
    const pair = `${one.name} ${other.name}`;
    for (const { group } of this.#addresses) {
      if (!this.#runs(one, group) || !this.#runs(other, group)) continue;
      const key = `${group} ${pair}`;
      const doubled = this.#doubled.get(key) ?? { since: now, isTold: false };
      this.#doubled.set(key, doubled);
      if (doubled.isTold) continue;
      const words = this.#whyWrong(group, pair, doubled.since, now);
      if (words === null) continue;
      doubled.isTold = true;
      this.found.push(`${group} runs on ${one.name} and ${other.name}, ${words}`);
    }
  }

  #whyWrong(group: string, pair: string, since: number, now: number): string | null {
    if (this.#twin.config.forceStop !== null) return 'although one is stopped by force first';
    const deafAt = this.#deaf.get(pair) ?? Number.NEGATIVE_INFINITY;
    const awayAt = this.#away.get(pair) ?? Number.NEGATIVE_INFINITY;
    const couldHear = deafAt < since - RECENT_MS && awayAt < since - MOMENT_MS;
    if (couldHear) return 'and nothing lay between their daemons';
    // One of them ends in order, or lets go of it, and its scripts may take as long as they may.
    const letsGo = (name: string) =>
      this.#leaving.has(name) || this.#stopping.has(`${group} ${name}`);
    if (pair.split(' ').some(letsGo)) return null;
    // Who boots deaf knows of no partition, and resolves none (resolution.ts).
    const haveMet = (this.#heard.get(pair) ?? Number.NEGATIVE_INFINITY) > awayAt;
    if (haveMet && this.#split.isOverdue(since, now)) return 'and neither of them ends as cut off';
    const heard = now - Math.max(since, deafAt, awayAt);
    return heard > FOUND_OUT_MS ? 'and they hear each other again' : null;
  }

  /** Whether no sound LAN lies between them, or one of them hangs. */
  #isDeaf(one: SimServer, other: SimServer): boolean {
    const { cables } = this.#twin.network;
    return (
      one.state().frozen ||
      other.state().frozen ||
      !this.#lans.some((lan) => cables.isSound(lan, one.name, other.name))
    );
  }

  #lookAtLog(now: number): void {
    const { log } = this.#twin;
    for (const server of this.#twin.servers) this.#noteSuspension(server);
    for (const { server, module, id, text } of log.slice(this.#logSeen)) {
      if (module === 'rc') this.#noteStop(server, id, text);
      if (module !== 'pm') continue;
      if (id === DAEMON_STOPS) this.#leaving.add(server);
      // Its last word tells the others what it leaves.
      if (id === DAEMON_STOPPED && this.#reachesAll(server)) this.suspended.delete(server);
      if (id === DAEMON_STARTS && this.#leaving.delete(server)) this.#without.set(server, now);
    }
    for (const entry of log.slice(this.#logSeen)) {
      this.#remains.take(entry);
      const wrong = [this.#whyTooSoon(entry, now), this.#answers.take(entry, now)];
      wrong.push(this.#beside.take(entry, now), this.#whyRisen(entry, now));
      this.found.push(...wrong.filter((words) => words !== null));
    }
    this.#logSeen = log.length;
  }

  #noteStop(server: string, id: number, text: string): void {
    const { group } = this.#addresses.find((one) => text.includes(` ${one.group} `)) ?? {};
    if (id === GROUP_STOPS) this.#stopping.add(`${group} ${server}`);
    if (id === GROUP_STOPPED || id === GROUP_STUCK) this.#stopping.delete(`${group} ${server}`);
  }

  #reachesAll(name: string): boolean {
    const { servers } = this.#twin;
    const one = servers.find((server) => server.name === name)!;
    const others = servers.filter((server) => server !== one && server.isRunning('daemon'));
    return others.every((other) => !this.#isDeaf(one, other));
  }

  /** Whoever does not hear a server that is resumed takes it to be suspended still. */
  #isHeardByAll({ name }: SimServer): boolean {
    const others = this.#twin.servers.filter((one) => one.name !== name && one.isRunning('daemon'));
    return others.every((one) => this.#soundSince.has([name, one.name].sort().join(' ')));
  }

  #noteSuspension(server: SimServer): void {
    const { value } = server.state().node;
    if (value === 'online' && this.#isHeardByAll(server)) this.suspended.delete(server.name);
    if (value !== 'suspended') return;
    this.#deafUntil.set(server.name, this.#twin.clock.now());
    const groups = this.#addresses.filter(({ group }) => this.#runs(server, group));
    this.suspended.set(
      server.name,
      groups.map(({ group }) => group),
    );
  }

  /**
   * What a server said before its end may come late, after its last word; and who hung hears all that
   * was said meanwhile, one after the other.
   */
  #whyRisen({ server, module, id, text }: LogEntry, now: number): string | null {
    if (module === 'pm' && id === DAEMON_STOPPED) this.#stopped.add(server);
    if (module === 'pm' && id === DAEMON_STARTS) {
      this.#stopped.delete(server);
      for (const key of this.#ended) if (key.split(' ').includes(server)) this.#ended.delete(key);
    }
    if (module !== 'nm' || (id !== SERVER_UP && id !== SERVER_DOWN)) return null;
    const peer = this.#twin.servers.find(({ name }) => text.includes(`Server ${name} `));
    if (!peer) return null;
    const key = `${server} ${peer.name}`;
    if (now - (this.#hung.get(server) ?? Number.NEGATIVE_INFINITY) <= MOMENT_MS) return null;
    if (id === SERVER_UP) {
      return this.#ended.has(key)
        ? `${server} says that ${peer.name} is up, which has ended`
        : null;
    }
    if (this.#stopped.has(peer.name)) this.#ended.add(key);
    return null;
  }

  /** The last heartbeat that was heard may have been sent an interval before its server fell silent. */
  #whyTooSoon({ server, module, id, text }: LogEntry, now: number): string | null {
    if (module !== 'nm' || id !== SERVER_DOWN) return null;
    const peer = this.#twin.servers.find(({ name }) => text.includes(`Server ${name} `));
    if (!peer || this.#isLeaving(peer, now)) return null;
    const pair = [server, peer.name].sort().join(' ');
    const { timeoutMs, intervalMs } = this.#twin.config.heartbeat;
    const leastMs = timeoutMs - intervalMs * LONGEST_STEP - MOMENT_MS;
    const listensMs = now - (this.#deafUntil.get(server) ?? Number.NEGATIVE_INFINITY);
    if (listensMs < leastMs) {
      return `${server} says that ${peer.name} is down, and listens since ${listensMs} ms only`;
    }
    const silentMs = now - (this.#heard.get(pair) ?? Number.NEGATIVE_INFINITY);
    if (silentMs > leastMs) return null;
    return `${server} says that ${peer.name} is down, which it could hear ${silentMs} ms ago`;
  }

  /** It stops or is suspended in order, or another daemon speaks for it. */
  #isLeaving({ name }: SimServer, now: number): boolean {
    const isSilent = this.#leaving.has(name) || this.suspended.has(name);
    return isSilent || now - (this.#without.get(name) ?? 0) < YOUNG_MS;
  }
}
