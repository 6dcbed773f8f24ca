/**
 * Faults for a rehearsal: what may go wrong at a step, done to a twin.
 *
 *     kill-before      the runner dies when the intent is recorded, before anything is done
 *     kill-during      … while the command, or the person, is at it
 *     kill-after       … when it is done and not yet recorded
 *     command-fails    the command does nothing and ends with 1
 *     command-hangs    it does nothing and is killed at its time limit
 *     command-half     it is killed once the first thing that it asked for was done
 *     crash@S          S loses its power as the step begins, and stays off
 *     reboot@S         S is reset as the step begins
 *     cut@NET          that LAN or mirror connect is cut as the step begins; `control`: the line
 *                      by which whoever runs the runbook reaches the servers
 *     fail-disk@S      the disk of S that holds a mirror fails as the step begins
 *     says-no          the person who is asked says no
 *     goes-home        the person who is asked leaves; somebody goes on a minute later
 */
import { mirrorsOf, netsOf } from '../config/index.ts';
import { diskOf } from '../core/device-names.ts';
import { badInput } from '../core/errors.ts';
import { hint } from '../core/nearest.ts';
import type { PlannedStep } from '../core/plan.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { FaultOutcome } from '../schema/generated/reports/fault-matrix.ts';
import type { Spoiled } from './sim-command.ts';
import type { Twin } from './twin.ts';

export type StepFault = Pick<FaultOutcome, 'step' | 'kind' | 'target'>;
export type FaultKind = StepFault['kind'];
type Fault = Omit<StepFault, 'step'>;

/** Where in a step a fault strikes (src/sim/faulty-rehearsal.ts). */
export type Moment = 'begun' | 'asked' | 'acting' | 'acted';

const MOMENTS: Record<FaultKind, Moment> = {
  'kill-before': 'begun',
  'kill-during': 'acting',
  'kill-after': 'acted',
  'command-fails': 'begun',
  'command-hangs': 'begun',
  'command-half': 'begun',
  crash: 'begun',
  reboot: 'begun',
  cut: 'begun',
  'fail-disk': 'begun',
  'says-no': 'asked',
  'goes-home': 'asked',
};

const CONTROL = 'control';
/** Cables that one finds in a machine room; the others go the same way as one of them. */
const LINKS = /^(lan|mdc)\d+$/;

export function momentOf({ kind }: Pick<StepFault, 'kind'>): Moment {
  return MOMENTS[kind];
}

/** `fail-disk@server2` */
export function faultName({ kind, target }: Fault): string {
  return target === null ? kind : `${kind}@${target}`;
}

/** Whole disks that mirrors lie on. */
function disksOf(config: ClusterConfiguration): string[] {
  const parts = mirrorsOf(config).map(({ parameters }) => String(parameters['diskdev/dppath']));
  return [...new Set(parts.map((part) => diskOf(part)))];
}

const alone = (...kinds: FaultKind[]): Fault[] => kinds.map((kind) => ({ kind, target: null }));

/** What may go wrong with a cluster, whatever is done on it. */
function clusterFaults(config: ClusterConfiguration): Fault[] {
  const servers = config.servers.map(({ name }) => name);
  const each = (kind: FaultKind, targets: string[]) => targets.map((target) => ({ kind, target }));
  const nets = netsOf(config).filter((net) => LINKS.test(net));
  return [
    ...each('crash', servers),
    ...each('reboot', servers),
    ...each('cut', [...nets, CONTROL]),
    ...each('fail-disk', disksOf(config).length > 0 ? servers : []),
  ];
}

/** Every fault that a step of that verb can have on this cluster. */
export function faultsFor(
  { verb }: Pick<PlannedStep['action'], 'verb'>,
  config: ClusterConfiguration,
): Fault[] {
  const isCommand = verb === 'run';
  const isPersons = verb === 'operator' || verb === 'confirm' || verb === 'choose';
  return [
    ...alone('kill-before', ...(isCommand || verb === 'operator' ? ['kill-during' as const] : [])),
    ...alone('kill-after'),
    ...(isCommand ? alone('command-fails', 'command-hangs', 'command-half') : []),
    ...(isPersons ? alone('says-no', 'goes-home') : []),
    ...clusterFaults(config),
  ];
}

type Step = Pick<PlannedStep, 'id' | 'action'>;

/**
 * `sweep`: every fault at every step. `STEP:KIND` or `STEP:KIND@TARGET`: that one; of a kind in
 * several manners (`kill`, `command`) all of them.
 */
export function readFaults(
  text: string,
  steps: readonly Step[],
  config: ClusterConfiguration,
): StepFault[] {
  const at = ({ id, action }: Step): StepFault[] =>
    faultsFor(action, config).map((one) => ({ step: id, ...one }));
  if (text === 'none') return [];
  if (text === 'sweep') return steps.flatMap(at);
  const cut = text.lastIndexOf(':');
  const step = text.slice(0, Math.max(0, cut));
  const wanted = text.slice(cut + 1);
  const found = steps.find(({ id }) => id === step);
  if (cut < 1 || !found) {
    const names = steps.map(({ id }) => id);
    throw badInput(`--faults ${text}: the plan has no step '${step || text}'`, {
      code: 'step.unknown',
      remedy: cut < 1 ? `${hint(text, ['none', 'sweep'])}; or STEP:KIND` : hint(step, names),
    });
  }
  const possible = at(found);
  const manner = /^(kill|command)$/.test(wanted) ? `${wanted}-` : null;
  const fitting = possible.filter(
    (one) =>
      one.kind === wanted ||
      faultName(one) === wanted ||
      (manner !== null && one.kind.startsWith(manner)),
  );
  if (fitting.length > 0) return fitting;
  const names = [...new Set(possible.flatMap((one) => [one.kind, faultName(one)]))];
  throw badInput(`--faults ${text}: there is no fault '${wanted}' at step ${step}`, {
    code: 'fault.unknown',
    remedy: hint(wanted, names),
  });
}

const SPOILED: Partial<Record<FaultKind, Spoiled>> = {
  'command-fails': 'fails',
  'command-hangs': 'hangs',
  'command-half': 'half',
};

function cutNet({ config, faults }: Twin, net: string): void {
  const servers = config.servers.map(({ name }) => name);
  for (const [index, server] of servers.entries()) {
    if (net === CONTROL) faults.cut(CONTROL, CONTROL, server);
    else for (const other of servers.slice(index + 1)) faults.cut(net, server, other);
  }
}

/**
 * Does it to the twin, to the command of the step on that server; what befalls the runner or the
 * person is theirs, and does nothing here.
 */
export async function strike(
  twin: Twin,
  { kind, target }: StepFault,
  server: string | null,
): Promise<void> {
  const { config, faults } = twin;
  const spoiled = SPOILED[kind];
  if (spoiled && server !== null) twin.server(server).spoiled = spoiled;
  if (target === null) return;
  if (kind === 'cut') cutNet(twin, target);
  if (kind === 'crash') await faults.killServer(target);
  if (kind === 'reboot') await faults.resetServer(target);
  if (kind === 'fail-disk') {
    for (const disk of disksOf(config)) await faults.failDisk(target, disk);
  }
}
