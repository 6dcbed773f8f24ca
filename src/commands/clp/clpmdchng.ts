/**
 * clpmdchng: takes a replaced mirroring disk into use (v3 6.7.1 step 7, 6.7.2 step 7).
 *
 * Documented: --execute DEVICE, spelled `--execcute` in the original; both are taken. Our choice:
 * at that step the procedure has the services off, so the mirror agent is started for as long as it
 * takes to prepare the cluster partition, and stopped again; a disk that is broken, or lacks the
 * partitions that the configuration names, is refused before.
 */

import { mirrorsOf } from '../../config/index.ts';
import { diskOf } from '../../core/device-names.ts';
import type { HostView } from '../../ports/views.ts';
import { actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { withAgent } from './agent-service.ts';
import { ACTS, type Context, defineCommand, refused, request, SUCCEEDED } from './context.ts';
import { atMost, modeOf } from './options.ts';

const OPTIONS = { execute: { names: ['--execute', '--execcute'], value: 'DEVICE' } };
const CHANGE_TIMEOUT_MS = 60_000;

/** Partitions of mirror disks that the configuration places on this disk. */
function partitionsOn({ config }: Context, device: string): string[] {
  return mirrorsOf(config)
    .flatMap(({ parameters }) => [parameters['diskdev/cppath'], parameters['diskdev/dppath']])
    .map(String)
    .filter((path) => diskOf(path) === device);
}

function checkDisk(context: Context, view: HostView, device: string): void {
  const disk = view.disks[device];
  if (disk === undefined) {
    const known = Object.keys(view.disks).join(', ') || 'none';
    throw refused(`${context.local} has no disk ${device}`, `its disks: ${known}`);
  }
  const wanted = partitionsOn(context, device);
  if (wanted.length === 0) throw refused(`no mirror disk resource lies on ${device}`);
  if (disk.failed) throw refused(`${device} (${disk.serial}) is broken`, 'replace it first');
  const present = [device, ...disk.partitions.map((partition) => partition.device)];
  const lacking = wanted.filter((path) => !present.includes(path));
  if (lacking.length > 0) {
    throw refused(`${device} has no ${lacking.join(', ')}`, 'make the partitions with fdisk first');
  }
}

export const clpmdchng = defineCommand(
  {
    name: 'clpmdchng',
    summary: 'Takes a replaced mirroring disk into use',
    usage: ['clpmdchng --execute DEVICE'],
    options: OPTIONS,
    traits: { ...ACTS, endangers: true },
  },
  async (context, given) => {
    atMost(given, 0);
    modeOf(given, OPTIONS, ['execute']);
    const device = given.value('execute') ?? '';
    const { env, local } = context;
    const view = (await request(env, local, 'host', { do: 'status' })) as unknown as HostView;
    checkDisk(context, view, device);
    await withAgent(context, async () => {
      await request(env, local, 'agent', { do: 'change-disk', device }, CHANGE_TIMEOUT_MS);
    });
    const act = { act: 'execute', kind: 'disk', name: device, server: local } as const;
    return done(SUCCEEDED, actsDone(act));
  },
);
