/** Faults for benchmarks, and the way back from all of them at once. */
import type { Fault } from '../src/host/faults.ts';
import type { Lab } from '../src/lab/lab.ts';
import type { Status } from '../src/schema/generated/status-1.ts';
import { until } from './lab.ts';

export const SERVERS = ['server1', 'server2'];
const NETS = ['lan0', 'lan1', 'mdc400'];
export const MIRROR = 'md1';
const LOOK_MS = 1000;

/** Every cable between the two servers (`delay`: none any more); their management controllers stay within reach. */
export function cables(kind: 'cut' | 'heal' | 'delay'): Fault[] {
  const ms = kind === 'delay' ? { ms: 0 } : {};
  return NETS.map((net) => ({ kind, net, from: 'server1', to: 'server2', ...ms }) as Fault);
}

export async function apply(lab: Lab, faults: Fault[]): Promise<void> {
  await Promise.all(faults.map((fault) => lab.fault(fault)));
}

/** As a person who goes round: what is frozen goes on, what is off is switched on. */
export async function powerOnAll(lab: Lab): Promise<void> {
  for (const server of SERVERS) {
    const to = { server, part: 'bmc' as const };
    const seen = await lab.wire().request(to, { do: 'power.status' }, LOOK_MS);
    if ((seen as { power: string }).power === 'off') await lab.fault({ kind: 'powerOn', server });
  }
}

export function isWhole(status: Status): boolean {
  return (
    Object.values(status.servers).every(({ state }) => state === 'Online') &&
    Object.values(status.mirrors).every(({ state }) => state === 'Normal') &&
    Object.values(status.groups).every(
      ({ state, activeOn }) => state === 'Online' && activeOn?.length === 1,
    )
  );
}

/** Looks until the cluster is whole again; a server that was fenced meanwhile is switched on. */
export async function becomeWhole(lab: Lab): Promise<Status> {
  return await until(
    lab,
    'both servers online, mirror normal, groups online once',
    async (status) => {
      if (isWhole(status)) return true;
      await powerOnAll(lab);
      return false;
    },
  );
}

/** Throws unless every acknowledged write is there and both copies are the same. */
export async function verify(lab: Lab): Promise<void> {
  const { server, wrong } = await lab.io.verify(MIRROR);
  if (wrong.length > 0) {
    throw new Error(`${server} lost what was acknowledged: ${JSON.stringify(wrong)}`);
  }
  const { identical, differingBlocks } = await lab.io.compareCopies(MIRROR);
  if (!identical) throw new Error(`the copies differ in ${differingBlocks} blocks`);
}

/** Writes one block after the other, as a program that does not give up, until it is stopped. */
export function keepWriting(lab: Lab, blocks: number): { stop(): Promise<number> } {
  let isOver = false;
  let acknowledged = 0;
  const write = async () => {
    for (let at = 0; !isOver; at = (at + 1) % blocks) {
      const order = { blocks: 1, from: at, timeoutMs: 2000 };
      await lab.io.write(MIRROR, order).then(
        () => {
          acknowledged += 1;
        },
        () => undefined,
      );
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const writing = write();
  return {
    async stop() {
      isOver = true;
      await writing;
      return acknowledged;
    },
  };
}
