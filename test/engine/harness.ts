/**
 * A tiny cluster for the daemon's step: two or more daemons, hosts and agents that answer as
 * simply as they can (parts.ts), a clock, and cables that can be cut. No promises: one queue in
 * virtual time.
 */
import { legsOf, legsOutside } from '../../src/config/index.ts';
import type { Json } from '../../src/core/json.ts';
import {
  type DaemonEffect,
  type DaemonEvent,
  type DaemonState,
  initialDaemon,
  stepDaemon,
  viewOf,
} from '../../src/engine/index.ts';
import type { OcfCall, OcfEnd } from '../../src/ports/ocf.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import {
  type Answer,
  agentAnswer,
  connectAgents,
  controllerAnswer,
  hostAnswer,
  hostMs,
  leaveBehind,
  no,
} from './parts.ts';

interface Item {
  at: number;
  order: number;
  run(): void;
}

export interface Box {
  name: string;
  power: 'on' | 'off';
  frozen: boolean;
  daemon: DaemonState | null;
  agent: boolean;
  boot: number;
  /** How often its operating system booted, as its daemon is told. */
  systemBoot: number;
  /** Instances of agents that run, with their parameters. */
  instances: Set<string>;
  timers: Map<string, number>;
  held: Event_[];
  active: boolean;
  latest: boolean;
  addresses: Set<string>;
  /** Last watchdog order of the daemon, ms; null: never. */
  watchdogMs: number | null;
  told: Json[];
  facts: Json | null;
  exits: string[];
}

type Event_ = DaemonEvent;
export class Cluster {
  now = 0;
  readonly config: ClusterConfiguration;
  readonly boxes: Record<string, Box> = {};
  readonly log: string[] = [];
  readonly answers: string[] = [];
  /** Paths of scripts that end with this code, or hang. */
  readonly scripts = new Map<string, number | 'hangs'>();
  /** How long a script takes, ms; others 5. */
  readonly slowScripts = new Map<string, number>();
  /** Actions of OCF agents that were not asked for again and again: server, action, parameters. */
  readonly agents: string[] = [];
  /** What is registered, by server. */
  readonly licences = new Map<string, string>();
  /** What lies on the servers; undefined: what they were started with, null: nothing. */
  readonly configText: { text: string | null | undefined } = { text: undefined };
  /** Servers whose host does not take that the daemon is suspended. */
  readonly deafHosts = new Set<string>();
  /** How long a management controller takes to cut the power once it is asked. */
  bmcMs = 0;
  /** Servers whose management controller refuses everything. */
  readonly deafControllers = new Set<string>();
  #cut = new Set<string>();
  #queue: Item[] = [];
  #order = 0;
  #requests = 0;
  #waiting = new Map<string, (answer: Answer) => void>();

  constructor(config: ClusterConfiguration) {
    this.config = config;
    for (const { name } of config.servers) {
      this.boxes[name] = {
        name,
        power: 'off',
        frozen: false,
        daemon: null,
        agent: false,
        boot: 0,
        systemBoot: 0,
        instances: new Set(),
        timers: new Map(),
        held: [],
        active: false,
        latest: true,
        addresses: new Set(),
        watchdogMs: null,
        told: [],
        facts: null,
        exits: [],
      };
    }
  }

  // -- time

  after(ms: number, run: () => void): void {
    this.#order += 1;
    this.#queue.push({ at: this.now + ms, order: this.#order, run });
  }

  advance(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      let best = -1;
      this.#queue.forEach((item, index) => {
        const first = this.#queue[best];
        if (item.at > until) return;
        if (!first || item.at < first.at || (item.at === first.at && item.order < first.order)) {
          best = index;
        }
      });
      if (best < 0) break;
      const [item] = this.#queue.splice(best, 1);
      this.now = Math.max(this.now, item!.at);
      item!.run();
    }
    this.now = until;
  }

  // -- faults and people

  up(name: string): void {
    const box = this.boxes[name]!;
    box.power = 'on';
    box.agent = true;
    box.active = false;
    box.addresses.clear();
    this.startDaemon(name);
    connectAgents(this);
  }

  /** `sameBoot`: the system went on while no daemon ran. */
  startDaemon(name: string, sameBoot = false): void {
    const box = this.boxes[name]!;
    if (!sameBoot) box.systemBoot += 1;
    box.boot += 1;
    box.timers.clear();
    box.held = [];
    box.daemon = initialDaemon(this.config, name, box.facts as never);
    this.tell(name, { type: 'part.started', bootId: `${name}-${box.systemBoot}` });
    const text = this.licences.get(name);
    if (text !== undefined) this.tell(name, { type: 'licences.found', text });
  }

  /** Power loss, or a fence. */
  cutPower(name: string): void {
    const box = this.boxes[name]!;
    leaveBehind(this, box);
    box.power = 'off';
    box.frozen = false;
    box.boot += 1;
    box.daemon = null;
    box.agent = false;
    box.active = false;
    box.addresses.clear();
    box.instances.clear();
    connectAgents(this);
  }

  killDaemon(name: string): void {
    const box = this.boxes[name]!;
    box.daemon = null;
    box.boot += 1;
  }

  freeze(name: string, frozen: boolean): void {
    const box = this.boxes[name]!;
    box.frozen = frozen;
    if (frozen) {
      connectAgents(this);
      return;
    }
    // As in a real process: due timers first, then what waits in the sockets.
    const due = [...box.timers].filter(([, at]) => at <= this.now);
    for (const [id] of due) {
      box.timers.delete(id);
      this.tell(name, { type: 'timer.fired', id });
    }
    for (const event of box.held.splice(0)) this.tell(name, event);
  }

  /**
   * Cuts or heals nets, of all servers or from one to another only. `mdc` is the mirror disk connect.
   */
  cables(nets: string[], up: boolean, ends?: { from: string; to: string }): void {
    for (const net of nets) {
      const cable = ends ? `${net} ${ends.from} ${ends.to}` : net;
      if (up) this.#cut.delete(cable);
      else this.#cut.add(cable);
    }
    connectAgents(this);
  }

  isUp(net: string, from?: string, to?: string): boolean {
    const isWhole = (one?: string, other?: string) => !this.#cut.has(`${net} ${one} ${other}`);
    if (this.#cut.has(net) || !isWhole(from, to)) return false;
    return !from || !to || legsOf(net, from, to).every((leg) => isWhole(...leg));
  }

  order(name: string, body: Json, from = 'control'): void {
    this.request({ server: from, part: 'control' }, name, 'daemon', body, (answer) => {
      const said =
        'body' in answer ? JSON.stringify(answer.body) : `${answer.code}: ${answer.message}`;
      this.answers.push(said);
      this.log.push(`${name} answers ${said}`);
    });
  }

  // -- the daemon

  tell(name: string, event: DaemonEvent): void {
    const box = this.boxes[name]!;
    if (!box.daemon) return;
    if (box.frozen) {
      box.held.push(event);
      return;
    }
    const { state, effects } = stepDaemon(box.daemon, event, this.now);
    box.daemon = state;
    for (const effect of effects) this.#carryOut(box, effect);
  }

  #carryOut(box: Box, effect: DaemonEffect): void {
    const { name, boot } = box;
    const back = (event: DaemonEvent, ms: number): void =>
      this.after(ms, () => {
        if (box.boot === boot) this.tell(name, event);
      });
    switch (effect.type) {
      case 'armTimer': {
        const { id, at } = effect;
        box.timers.set(id, at);
        this.after(Math.max(0, at - this.now), () => {
          if (box.boot !== boot || box.frozen || box.timers.get(id) !== at) return;
          box.timers.delete(id);
          this.tell(name, { type: 'timer.fired', id });
        });
        return;
      }
      case 'cancelTimer':
        box.timers.delete(effect.id);
        return;
      case 'sendDatagram':
        if (this.isUp(effect.net, name, effect.to)) {
          const { net, to, body } = effect;
          this.after(1, () => this.tell(to, { type: 'datagram.received', net, from: name, body }));
        }
        return;
      case 'sendRequest': {
        const { id, to, body, timeoutMs } = effect;
        let open = true;
        const end = (event: DaemonEvent): void => {
          if (open && box.boot === boot) this.tell(name, event);
          open = false;
        };
        const message = `${to.server}/${to.part} did not answer`;
        this.after(timeoutMs, () => end({ type: 'request.failed', id, code: 'timeout', message }));
        this.request({ server: name, part: 'daemon' }, to.server, to.part, body, (answer) =>
          end(
            'body' in answer
              ? { type: 'request.answered', id, body: answer.body }
              : { type: 'request.failed', id, ...answer },
          ),
        );
        return;
      }
      case 'reach': {
        const { id, net, target, timeoutMs } = effect;
        const legs = legsOutside(name, target);
        const answers = !this.#cut.has(net) && legs.every((leg) => this.isUp(net, ...leg));
        back({ type: 'reach.ended', id, answers }, answers ? 1 : timeoutMs);
        return;
      }
      case 'sendReply':
        this.#waiting.get(effect.id)?.({ body: effect.body });
        return;
      case 'refuseRequest':
        this.#waiting.get(effect.id)?.(no(effect.code, effect.message));
        return;
      case 'log':
        this.log.push(`${name} ${effect.module} ${effect.id}: ${effect.text}`);
        return;
      case 'runScript': {
        const script = `${name} ${effect.path.split('/').slice(-2).join('/')}`;
        const how = this.scripts.get(script) ?? 0;
        const { id } = effect;
        const timedOut = how === 'hangs';
        const code = how === 'hangs' ? null : how;
        const event = { type: 'script.ended' as const, id, code, timedOut, output: '' };
        back(event, timedOut ? effect.timeoutMs : (this.slowScripts.get(script) ?? 5));
        return;
      }
      case 'runOcf':
        back({ type: 'ocf.ended', id: effect.id, ...this.#act(box, effect.call) }, 5);
        return;
      case 'saveFacts':
        box.facts = effect.facts as unknown as Json;
        return;
      case 'settleFacts':
        back({ type: 'facts.settled', id: effect.id }, 5);
        return;
      case 'exit':
        box.exits.push(effect.why);
        box.daemon = null;
        box.boot += 1;
    }
  }

  #act(box: Box, { action, instance, parameters, intervalMs }: OcfCall): OcfEnd {
    const given = Object.values(parameters).join(' ');
    const key = `${instance} ${given}`;
    if (intervalMs === 0) this.agents.push(`${box.name} ${action} ${given}`);
    if (action === 'start') box.instances.add(key);
    if (action === 'stop') box.instances.delete(key);
    const code = action === 'monitor' && !box.instances.has(key) ? 7 : 0;
    return { code, timedOut: false, refused: false, reason: '' };
  }

  // -- requests

  request(
    from: { server: string; part: 'daemon' | 'control' },
    to: string,
    part: string,
    body: Json,
    heard: (answer: Answer) => void,
  ): void {
    const isLocal = from.server === to || from.part === 'control';
    const path = part === 'bmc' ? ['bmc'] : ['lan0', 'lan1'];
    const isOpen = (one: string, other: string) =>
      isLocal || path.some((net) => this.isUp(net, one, other));
    if (!isOpen(from.server, to) || !isOpen(to, from.server)) return;
    const answered = (answer: Answer): void => {
      if (isOpen(to, from.server)) heard(answer);
    };
    this.after(isLocal ? 0 : 1, () => {
      const box = this.boxes[to]!;
      if (part === 'bmc') this.after(this.bmcMs, () => answered(controllerAnswer(this, box, body)));
      else if (box.power === 'off' || box.frozen) return;
      else if (part === 'host')
        this.after(hostMs(body), () => answered(hostAnswer(this, box, body)));
      else if (part === 'agent') answered(agentAnswer(this, box, body));
      else if (!box.daemon) answered(no('refused', `nobody listens on ${to}/daemon`));
      else {
        this.#requests += 1;
        const id = `in${this.#requests}`;
        this.#waiting.set(id, (answer) => this.after(isLocal ? 0 : 1, () => answered(answer)));
        const address = { server: from.server, part: from.part };
        this.tell(to, { type: 'request.received', id, from: address, to: 'daemon', body });
      }
    });
  }

  // -- looking

  /** Servers whose daemon says that a group is online. */
  homes(group: string): string[] {
    return Object.values(this.boxes)
      .filter((box) => box.daemon && viewOf(box.daemon, this.now).groups[group]!.state === 'Online')
      .map((box) => box.name);
  }

  resources(group: string): string[] {
    const found = Object.values(this.boxes).filter((box) => box.daemon);
    return found.map((box) => {
      const { resources } = viewOf(box.daemon!, this.now).groups[group]!;
      const words = Object.entries(resources).map(([name, state]) => `${name} ${state}`);
      return `${box.name}: ${words.join(', ')}`;
    });
  }

  show(): string[] {
    return Object.values(this.boxes).map((box) => {
      if (!box.daemon) return `${box.name}: no daemon, power ${box.power}`;
      const view = viewOf(box.daemon, this.now);
      const groups = Object.entries(view.groups).map(([name, group]) => `${name} ${group.state}`);
      const peers = Object.entries(view.peers).map(([name, state]) => `sees ${name} ${state}`);
      return `${box.name}: ${view.state}; ${peers.join(', ')}; ${groups.join(', ')}`;
    });
  }
}
