/** A fake cluster whose commands put services on and off: steps that can be probed and undone. */
import type { PlannedStep } from '../../src/core/plan.ts';
import type { Journal } from '../../src/ports/journal.ts';
import type { RunOptions } from '../../src/runbook/run/context.ts';
import { memoryJournal } from '../../src/sim/memory-journal.ts';
import { countingRandom, type FakeCluster, fakeCluster, jumpingClock } from './fake-cluster.ts';
import { aStep, runs } from './plans.ts';

export const isOn = (name: string) => `server('server1').services['${name}'].enabled`;

/** Puts a service on; taken back by putting it off. */
export function turnOn(name: string, more: Partial<PlannedStep> = {}): PlannedStep {
  return aStep(name, runs(`turn on ${name}`), {
    title: `Put ${name} on`,
    probe: isOn(name),
    expect: isOn(name),
    undo: { argv: ['turn', 'off', name], server: 'server1', answers: [], expect: `!${isOn(name)}` },
    ...more,
  });
}

/** The same, and nothing takes it back. */
export function turnOnForGood(name: string): PlannedStep {
  return turnOn(name, { undo: null });
}

export interface Switches {
  cluster: FakeCluster;
  journal: Journal;
  /** Names of the services that are on. */
  on(): string[];
  /** Commands that fail from now on: `off b`. */
  failing: Set<string>;
  deps: ReturnType<typeof depsOf>;
}

function depsOf(cluster: FakeCluster, clock: ReturnType<typeof jumpingClock>, journal: Journal) {
  const { door, operator } = cluster;
  const options: RunOptions = { settleMs: 0 };
  return { door, operator, journal, clock, random: countingRandom(), who: 'ann@desk', options };
}

export function switches(names: string[]): Switches {
  const clock = jumpingClock();
  const cluster = fakeCluster(clock);
  const journal = memoryJournal({ clock, who: 'ann@desk' });
  const failing = new Set<string>();
  const services = Object.fromEntries(
    names.map((name) => [name, { enabled: false, running: false }]),
  );
  cluster.status.servers.server1!.services = services;
  cluster.programs.turn = ([, way = '', name = '']) => {
    if (failing.has(`${way} ${name}`)) return { exitCode: 1, stderr: `${name} is in the way\n` };
    services[name]!.enabled = way === 'on';
    return { stdout: `${name} is ${way}\n` };
  };
  return {
    cluster,
    journal,
    failing,
    on: () => names.filter((name) => services[name]!.enabled),
    deps: depsOf(cluster, clock, journal),
  };
}
