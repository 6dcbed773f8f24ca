/** `window freeze`: when the policy lets nothing be changed: now, next, or at a time. */
import { frozenAt, nextFreeze } from '../../change/freeze.ts';
import { badInput } from '../../core/errors.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import { type Cli, print } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { type Desk, needPolicy } from './desk.ts';
import { deskWithCluster } from './list.ts';
import { policyClusters } from './policy.ts';
import { instant } from './times.ts';

interface Answer {
  schema: string;
  at: string;
  frozen: { name: string; until: string } | null;
  next: { name: string; from: string; until: string } | null;
  calendars: string[];
}

const iso = (at: number) => new Date(at).toISOString();

function answerAt(policy: Policy, at: number): Answer {
  const freezes = policy.freezes ?? [];
  const now = frozenAt(freezes, at);
  const next = now ? null : nextFreeze(freezes, at);
  return {
    schema: 'drydock.freeze/1',
    at: iso(at),
    frozen: now ? { name: now.name, until: iso(now.until) } : null,
    next: next ? { name: next.name, from: iso(next.from), until: iso(next.until) } : null,
    calendars: freezes.map(({ name }) => name),
  };
}

function answerWords({ at, frozen, next, calendars }: Answer): string {
  if (calendars.length === 0) return 'the policy has no freezes\n';
  if (frozen) return `${at}: frozen by ${frozen.name} until ${frozen.until}\n`;
  const coming = next ? `next: ${next.name}, ${next.from} to ${next.until}` : 'none is to come';
  return `${at}: not frozen; ${coming}\n`;
}

/** The policy of the cluster at hand, or of the only one that the folder knows. */
function onlyPolicy(desk: Desk): Policy {
  const [cluster, ...more] = policyClusters(desk);
  if (more.length === 0) return needPolicy(desk, cluster ?? '');
  throw badInput(`the folder holds policies of ${more.length + 1} clusters`, {
    code: 'cluster.ambiguous',
    remedy: 'name a folder of one cluster with --folder',
  });
}

/** Exit 4 where a change would be refused then, so that a script can ask. */
export async function freezes(cli: Cli, args: Args): Promise<number> {
  const desk = await deskWithCluster(cli, args);
  const given = typeof args.check === 'string' ? args.check : 'now';
  const answer = answerAt(onlyPolicy(desk), instant(given, desk.now, '--check'));
  print(cli, answer, () => answerWords(answer));
  return answer.frozen ? 4 : 0;
}
