/**
 * The vendor's prompts before a configuration is distributed (v3 6.1.4 to 6.1.6), and whether the
 * cluster rests as the operator says it does.
 *
 * 6.1.5 prints (y/n) and tells the reader to press Return: there an empty line counts as yes.
 */
import type { Impact, ImpactLevel } from '../../config/index.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Environment } from '../environment.ts';
import { answerTo } from './asking.ts';
import { refused, statusOf } from './context.ts';

interface Rest {
  prompt: string;
  yes: (answer: string) => boolean;
  isResting: (server: Status['servers'][string]) => boolean;
  remedy: string;
}

const isStopped: Rest['isResting'] = ({ membership }) => membership.software === 'stopped';

const RESTS: Partial<Record<ImpactLevel, Rest>> = {
  suspend: {
    prompt: 'Need to suspend cluster and resume Already suspended? (y/n):',
    yes: (answer) => answer === 'y',
    isResting: (server) => server.membership.word === 'Suspend' || isStopped(server),
    remedy: 'suspend the cluster first: clpcl --suspend',
  },
  stop: {
    prompt: 'Need to stop cluster and restart Already stopped? (y/n):',
    yes: (answer) => answer === 'y' || answer === '',
    isResting: isStopped,
    remedy: 'stop the cluster first: clpcl -t -a',
  },
  shutdown: {
    prompt: 'Need to shutdown system and reboot please shutdown system after push. (hit return) :',
    yes: (answer) => answer === '' || answer === 'y',
    isResting: isStopped,
    remedy: 'stop the cluster first: clpcl -t -a',
  },
};

/** Throws when the operator says no, or when a server does not rest, or does not tell. */
export async function confirmRest(
  env: Environment,
  config: ClusterConfiguration,
  impact: Impact,
): Promise<void> {
  const rest = RESTS[impact.level];
  if (rest === undefined) return;
  const answer = await answerTo(env, rest.prompt);
  if (!rest.yes(answer)) throw refused('not distributed, as you say', rest.remedy);
  const status = await statusOf({ env, config, local: env.server });
  const awake = Object.values(status.servers).filter((server) => !rest.isResting(server));
  if (awake.length === 0) return;
  const words = awake
    .map(({ name, membership }) => `${name} is ${membership.word ?? 'Unknown'}`)
    .join(', ');
  const because = impact.because.slice(0, 3).join(', ');
  throw refused(`this change (${because}) must not be made while ${words}`, rest.remedy);
}
