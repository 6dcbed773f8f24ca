/** Binds the daemon's step to its ports. The same in twin and lab. */

import { drive } from '../core/drive.ts';
import { HeldView } from '../core/held-view.ts';
import type { Json } from '../core/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { Edition } from '../ports/edition.ts';
import type { Log } from '../ports/log.ts';
import type { OcfAgents } from '../ports/ocf.ts';
import type { PowerControl } from '../ports/power-control.ts';
import type { ScriptRunner } from '../ports/scripts.ts';
import type { DaemonView } from '../ports/views.ts';
import type { Wire } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { initialDaemon } from './daemon/fresh.ts';
import { viewOf } from './daemon/view.ts';
import { overPowerControl } from './forced-stop.ts';
import { carryOutOcf } from './ocf-effects.ts';
import type { DaemonEffect, DaemonEvent, DaemonFacts, DaemonState } from './state.ts';
import { stepDaemon } from './step.ts';

/** The daemon's few durable facts. `save` must not make a heartbeat wait. */
export interface FactsStore {
  load(): Json | null;
  save(facts: Json): void;
  /** What was saved until now is on disk, or could not be written. */
  settled(): Promise<void>;
}

export interface DaemonWorld {
  server: string;
  config: ClusterConfiguration;
  /** The host's boot, as the host told when it started this process. */
  bootId: string;
  clock: Clock;
  wire: Wire;
  /** Who cuts the power of a server that is stopped by force. */
  power: PowerControl;
  scripts: ScriptRunner;
  ocf: OcfAgents;
  /** Types for which an agent script is installed on this server. */
  agents: readonly string[];
  /** What is registered on this server (core/paths.ts); null: there is no such file. */
  licences: string | null;
  facts: FactsStore;
  /** Of what it answers to `status`. */
  edition: Edition;
  log: Log;
  /** The daemon has ended in order (`exit`, `shutdown`, `reboot`): the process may go. */
  onExit(why: string): void;
}

export interface DaemonHandle {
  /** SIGTERM: groups fail over or stop, the others are told, then `onExit`. */
  requestStop(): void;
  /** As killed. */
  stop(): void;
  view(): DaemonView;
  state(): DaemonState;
}

/** Those that read as starts; a daemon of before knew none. */
function startsFrom(stored: unknown): DaemonFacts['started'] {
  const isRecord = (one: unknown) => typeof one === 'object' && one !== null;
  if (!isRecord(stored)) return {};
  const starts = Object.entries(stored as DaemonFacts['started']).filter(([, one]) => {
    if (!isRecord(one) || !isRecord(one.parameters)) return false;
    const texts = Object.values(one.parameters).every((value) => typeof value === 'string');
    return texts && typeof one.isWhole === 'boolean' && typeof one.bootId === 'string';
  });
  return Object.fromEntries(starts);
}

/** A daemon of before counted none. */
function rebootsFrom(stored: unknown): DaemonFacts['reboots'] {
  const { rc, rm } = (stored ?? {}) as Partial<DaemonFacts['reboots']>;
  const count = (one: unknown) => (Number.isSafeInteger(one) ? Math.max(0, one as number) : 0);
  return { rc: count(rc), rm: count(rm) };
}

/** What an earlier daemon stored; anything that does not read as facts counts as none. */
function factsFrom(stored: Json | null): DaemonFacts | null {
  if (stored === null || typeof stored !== 'object' || Array.isArray(stored)) return null;
  const { ratio, suspendedMonitors, reboots, started } = stored as Partial<DaemonFacts>;
  if (!Array.isArray(suspendedMonitors)) return null;
  const isRatio = typeof ratio?.ratio === 'number' && typeof ratio.until === 'number';
  return {
    ratio: isRatio ? ratio! : null,
    suspendedMonitors,
    reboots: rebootsFrom(reboots),
    started: startsFrom(started),
  };
}

/**
 * Starts a daemon. Throws badInput when the configuration does not know this server or has a
 * resource that cannot be run.
 */
export function driveDaemon(world: DaemonWorld): DaemonHandle {
  const { server, config, clock, scripts, ocf, agents, facts, edition, log } = world;
  const wire = overPowerControl(world.wire, world.power, clock);
  const view = (): DaemonView => viewOf(driven.state(), clock.now());
  const lasts = ({ timeoutRatioUntil }: DaemonView) => timeoutRatioUntil === null;
  const held = new HeldView({ now: () => clock.now(), view, lasts, edition });
  const driven = drive<DaemonState, DaemonEvent, DaemonEffect>({
    step: stepDaemon,
    initial: initialDaemon(config, server, factsFrom(facts.load()), agents),
    clock,
    wire,
    parts: ['daemon'],
    server,
    log,
    onMoved: () => held.check(),
    onEffect(effect) {
      if (effect.type === 'viewAnswered') {
        held.answered(effect.view);
      } else if (effect.type === 'saveFacts') {
        facts.save(effect.facts as unknown as Json);
      } else if (effect.type === 'settleFacts') {
        const { id } = effect;
        void facts.settled().then(() => driven.dispatch({ type: 'facts.settled', id }));
      } else if (effect.type === 'reach') {
        const { id, net, target, timeoutMs } = effect;
        wire.reaches(net, target, timeoutMs).then(
          (answers) => driven.dispatch({ type: 'reach.ended', id, answers }),
          () => driven.dispatch({ type: 'reach.ended', id, answers: false }),
        );
      } else if (effect.type === 'runScript') {
        const { id } = effect;
        scripts.run(effect.path, effect.env, effect.timeoutMs).then(
          (end) => driven.dispatch({ type: 'script.ended', id, ...end }),
          (error: unknown) => {
            const output = error instanceof Error ? error.message : String(error);
            driven.dispatch({ type: 'script.ended', id, code: 127, timedOut: false, output });
          },
        );
      } else if (effect.type === 'runOcf' || effect.type === 'lookOcf') {
        void carryOutOcf(ocf, effect).then((event) => driven.dispatch(event));
      } else {
        driven.stop();
        world.onExit(effect.why);
      }
    },
  });
  driven.dispatch({ type: 'part.started', bootId: world.bootId });
  if (world.licences !== null) {
    driven.dispatch({ type: 'licences.found', text: world.licences });
  }
  return {
    requestStop: () => driven.dispatch({ type: 'stop.requested' }),
    stop() {
      driven.stop();
      scripts.killAll();
      ocf.killAll();
    },
    view,
    state: driven.state,
  };
}
