/**
 * What no run may leave behind, whatever went wrong meanwhile: besides what holds in every history
 * (oracles.ts), that no group runs on two servers and that no step was carried out twice. So that a
 * write can be lost there has to be one: each mirror that serves is written to at the beginning.
 */
import { mirrorsOf } from '../config/index.ts';
import type { Status } from '../schema/generated/status.ts';
import { violations } from './oracles.ts';
import type { Twin } from './twin.ts';

const BLOCKS = 2;

function servingSide({ volumes }: Status, mirror: string): string | undefined {
  const copies = Object.entries(volumes[mirror]?.copies ?? {});
  return copies.find(([, { role }]) => role === 'primary')?.[0];
}

export async function writeSome(twin: Twin): Promise<void> {
  const seen = await twin.look();
  for (const { name } of mirrorsOf(twin.config)) {
    const server = servingSide(seen, name);
    if (server) await twin.run(twin.io.write(name, server, 0, BLOCKS));
  }
}

function twoHomes({ groups }: Status): string[] {
  return Object.values(groups).flatMap(({ name, activeOn }) =>
    activeOn && activeOn.length > 1 ? [`group ${name} runs on ${activeOn.join(' and ')}`] : [],
  );
}

/** RUN/STEP/ATTEMPT, where STEP may have slashes of its own; null: no run's. */
function stepOf(operation: string): string | null {
  return /^(.+\/.+)\/\d+$/.exec(operation)?.[1] ?? null;
}

/** An operation that was started again, and a step of which two attempts were seen to succeed. */
function doneTwice(twin: Twin): string[] {
  const wrong: string[] = [];
  const done = new Map<string, number>();
  for (const server of twin.servers) {
    const { spawned } = server;
    for (const [at, operation] of spawned.entries()) {
      if (spawned.indexOf(operation) !== at) wrong.push(`operation ${operation} was started twice`);
    }
    for (const { operation, exitCode, isLook } of Object.values(server.state().operations)) {
      const step = stepOf(operation);
      if (step !== null && exitCode === 0 && !isLook) done.set(step, (done.get(step) ?? 0) + 1);
    }
  }
  for (const [step, times] of done)
    if (times > 1) wrong.push(`step ${step} was done ${times} times`);
  return wrong;
}

/** In words; empty when the cluster is sound. */
export async function brokenBy(twin: Twin): Promise<string[]> {
  const seen = await twin.look();
  return [...violations(twin, seen), ...twoHomes(seen), ...doneTwice(twin)];
}
