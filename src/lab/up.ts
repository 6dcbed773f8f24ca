/**
 * Brings a lab up, as an installation goes: the switch, the supervisors, power on, the mirrors'
 * first construction while the daemons are down, then the daemons, until every group that starts
 * by itself is online and every mirror is normal.
 */
import { membersOf } from '../cluster/index.ts';
import { mirrorSides, mirrorsOf, parameterOf } from '../config/index.ts';
import { DrydockError, describeError } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import { type Clock, sleep } from '../ports/clock.ts';
import type { AgentView } from '../ports/views.ts';
import { RemoteError, WireError } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { Status } from '../schema/generated/status.ts';
import { IN_OWN_NAMESPACE } from './file-systems.ts';
import type { LabFile } from './lab-file.ts';
import type { SwitchPlace } from './lab-transport.ts';
import { layoutOf } from './layout.ts';
import { startProgram } from './spawn.ts';
import { writeLabFile } from './write-lab-file.ts';

const LOOK_EVERY_MS = 20;
const STEP_LIMIT_MS = 30_000;
/** Where file systems are made first. */
const MOUNT_LIMIT_MS = 120_000;
const ASK_TIMEOUT_MS = 5000;
const MIRROR_TIMEOUT_MS = 30_000;

type Ask = (to: Address, body: Json, timeoutMs: number) => Promise<Json>;

/** Starts the switch and a supervisor per server, and writes down every process at once. */
export async function startPrograms(folder: string, lab: LabFile): Promise<LabFile> {
  const layout = layoutOf(folder);
  const common = { folder, lab: lab.id };
  const hub = await startProgram({
    ...common,
    program: 'switchd',
    args: [],
    log: layout.switchLog,
  });
  let known: LabFile = {
    ...lab,
    switch: hub.ready as unknown as SwitchPlace,
    processes: [{ name: 'switch', mark: hub.mark }],
  };
  writeLabFile(folder, known);
  const wrap = lab.realMounts ? IN_OWN_NAMESPACE : [];
  const hosts = await Promise.all(
    lab.servers.map(async (name) => {
      const log = `${layout.server(name).log}/hostd.log`;
      const { mark } = await startProgram({ ...common, program: 'hostd', args: [name], log, wrap });
      return { name: `host of ${name}`, mark };
    }),
  );
  known = { ...known, processes: [...known.processes, ...hosts] };
  writeLabFile(folder, known);
  return known;
}

/** Looks until it holds; what kept it from holding is in the error. */
async function until(
  clock: Clock,
  what: string,
  look: () => Promise<string | null>,
  limitMs = STEP_LIMIT_MS,
) {
  const limit = clock.now() + limitMs;
  for (;;) {
    const missing = await look().catch((error: unknown) => {
      if (error instanceof WireError || error instanceof RemoteError) return describeError(error);
      throw error;
    });
    if (missing === null) return;
    if (clock.now() > limit) {
      throw new DrydockError(`the lab does not come up: ${what}: ${missing}`, {
        code: 'lab.start',
        remedy: 'see the logs below the lab’s folder, then `drydock lab down`',
      });
    }
    await sleep(clock, LOOK_EVERY_MS);
  }
}

async function eachServer(lab: LabFile, act: (server: string) => Promise<unknown>) {
  await Promise.all(lab.servers.map(act));
}

export async function powerOnAll(ask: Ask, lab: LabFile, clock: Clock): Promise<void> {
  await eachServer(lab, (server) =>
    ask({ server, part: 'bmc' }, { do: 'power.on' }, ASK_TIMEOUT_MS),
  );
  await eachServer(lab, (server) =>
    until(clock, `${server} boots`, async () => {
      await ask({ server, part: 'host' }, { do: 'lease', op: 'show' }, ASK_TIMEOUT_MS);
      return null;
    }),
  );
}

/** A construction that a busy machine interrupted goes on: nobody is active yet who would see to it. */
async function goOn(ask: Ask, server: string, mirror: string, view: AgentView): Promise<void> {
  const side = view.mirrors[mirror];
  const isLeft = side?.color === 'GREEN' && side.connected && side.recovery === null;
  if (!isLeft || side.dirtyBytes === 0) return;
  await ask({ server, part: 'agent' }, { do: 'recover', mirror, full: false }, MIRROR_TIMEOUT_MS);
}

/**
 * `clpmdinit --create quick` on every server: the disks are blank, so the copies are compared and
 * nothing has to be copied. Where the initial construction is not executed ("fullcopy" 0) it is
 * ordered, as an installer would. Resolves when both copies of every mirror are GREEN.
 */
export async function constructMirrors(
  ask: Ask,
  config: ClusterConfiguration,
  lab: LabFile,
  clock: Clock,
): Promise<void> {
  const mirrors = mirrorsOf(config);
  if (mirrors.length === 0) return;
  const look = async (server: string) =>
    (await ask(
      { server, part: 'agent' },
      { do: 'status' },
      ASK_TIMEOUT_MS,
    )) as unknown as AgentView;
  await eachServer(lab, (server) =>
    until(clock, `the mirror agent of ${server}`, async () => {
      await look(server);
      return null;
    }),
  );
  for (const mirror of mirrors) {
    const { name } = mirror;
    // Of a hybrid disk each group's first server has the copy open, once it took it.
    const holders = mirrorSides(config, name).map(({ servers }) => servers[0] ?? '');
    for (const server of holders) {
      const body = { do: 'create', mirror: name, mode: 'quick' };
      await until(clock, `${server} has ${name} open`, async () => {
        await ask({ server, part: 'agent' }, body, MIRROR_TIMEOUT_MS);
        return null;
      });
    }
    if (String(parameterOf(mirror, 'fullcopy') ?? 1) !== '0') continue;
    const [latest = '', victim = ''] = holders;
    await until(clock, `the first construction of ${name}`, async () => {
      const body = { do: 'force', mirror: name, latest, victim };
      await ask({ server: latest, part: 'agent' }, body, MIRROR_TIMEOUT_MS);
      return null;
    });
  }
  // Of both at once: the side that is copied from is GREEN before, and has to see it through.
  await until(clock, 'the first construction', async () => {
    const colors: string[] = [];
    for (const server of lab.servers) {
      const view = await look(server);
      for (const { name } of mirrors) {
        if (!mirrorSides(config, name).some(({ servers }) => servers[0] === server)) continue;
        await goOn(ask, server, name, view);
        colors.push(`${name} on ${server} ${view.mirrors[name]?.color}`);
      }
    }
    return colors.every((one) => one.endsWith('GREEN')) ? null : colors.join(', ');
  });
}

export async function startDaemons(ask: Ask, lab: LabFile): Promise<void> {
  for (const op of ['enable', 'start'] as const) {
    await eachServer(lab, (server) =>
      ask({ server, part: 'host' }, { do: 'service', name: 'clusterpro', op }, ASK_TIMEOUT_MS),
    );
  }
}

function missingFrom(status: Status, config: ClusterConfiguration): string | null {
  const groups = config.groups
    .filter((group) => group.startup === 'auto')
    .filter((group) => status.groups[group.name]?.state !== 'started')
    .map((group) => `${group.name} is ${status.groups[group.name]?.word ?? 'unknown'}`);
  const mirrors = Object.values(status.volumes)
    .filter(({ state }) => state !== 'inSync')
    .map(({ name, word }) => `${name} is ${word ?? 'Unknown'}`);
  const servers = membersOf(status)
    .filter(({ membership }) => membership.word !== 'Online')
    .map(({ name, membership }) => `${name} is ${membership.word ?? 'Unknown'}`);
  const all = [...servers, ...mirrors, ...groups];
  return all.length === 0 ? null : all.join(', ');
}

export async function awaitHealthy(
  status: () => Promise<Status>,
  config: ClusterConfiguration,
  clock: Clock,
  { realMounts = false }: { realMounts?: boolean } = {},
): Promise<void> {
  const limitMs = realMounts ? MOUNT_LIMIT_MS : STEP_LIMIT_MS;
  const look = async () => missingFrom(await status(), config);
  await until(clock, 'the cluster starts', look, limitMs);
}
