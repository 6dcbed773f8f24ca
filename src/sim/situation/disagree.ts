/**
 * A mirror of which neither copy can be proved to be the newer one: each was written without the
 * other. No sequence of faults leads there quickly, so the twin is made of a status that says it.
 */
import { expressClusterOf, serviceSays } from '../../cluster/index.ts';
import { copySays, volumeSays } from '../../cluster/words.ts';
import type { Status } from '../../schema/generated/status.ts';
import { buildTwin, type Twin } from '../twin.ts';

const DIRTY_BYTES = 65_536;
const DIRTY_PERCENT = 6;

function givenUp(status: Status, mirror: string, { config }: Twin): void {
  const { copies, group, ...volume } = status.volumes[mirror]!;
  const own = expressClusterOf(status).mirrors[mirror] ?? {};
  Object.assign(status.volumes[mirror]!, { ...volume, ...volumeSays('Abnormal') });
  for (const [index, [server, copy]] of Object.entries(copies).entries()) {
    const generation = `${index + 1}`.repeat(16);
    Object.assign(copy, { role: 'secondary', ...copySays('RED'), newest: false, generation });
    Object.assign(copy, { mounted: false, outOfSyncBytes: DIRTY_BYTES });
    Object.assign(copy, { outOfSyncPercent: DIRTY_PERCENT });
    Object.assign(own[server] ?? {}, { breakTime: status.takenAt });
  }
  const isOfGroup = (name: string) => (status.groups[group ?? '']?.resources ?? []).includes(name);
  const offline = { ...serviceSays('Offline'), current: null };
  if (group) Object.assign(status.groups[group] ?? {}, { ...offline, activeOn: [] });
  for (const resource of Object.values(status.resources)) {
    if (isOfGroup(resource.name)) Object.assign(resource, offline);
  }
  const parameters = config.resources.filter(({ name }) => isOfGroup(name));
  const held = parameters.map((resource) => String(resource.parameters.ip ?? ''));
  const device = parameters.find(({ name }) => name === mirror)?.parameters.nmppath;
  for (const { system } of Object.values(status.servers)) {
    system.mounts = system.mounts?.filter((mount) => mount.device !== device) ?? null;
    system.addresses = system.addresses?.filter((address) => !held.includes(address)) ?? null;
  }
}

export async function disagreeing(twin: Twin, mirror: string): Promise<Twin> {
  const from = structuredClone(await twin.status());
  givenUp(from, mirror, twin);
  return buildTwin({ configText: twin.atHand().text, seed: `two opinions of ${mirror}`, from });
}
