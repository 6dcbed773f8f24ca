/** When the policy lets nothing be changed: now, next, or at a time. */
import { frozenAt, nextFreeze } from '../../change/freeze.ts';
import { badInput } from '../../core/errors.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { FreezeReport } from '../../schema/generated/reports/freeze.ts';
import type { Context } from '../context.ts';
import type { Report } from '../report.ts';
import { policyClusters } from './policy.ts';
import { instant } from './times.ts';
import { needPolicy, type Workspace, workspaceWithCluster } from './workspace.ts';

const iso = (at: number) => new Date(at).toISOString();

function answerAt(policy: Policy, at: number): FreezeReport {
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

/** The policy of the cluster at hand, or of the only one that the folder knows. */
function onlyPolicy(workspace: Workspace): Policy {
  const [cluster, ...more] = policyClusters(workspace);
  if (more.length === 0) return needPolicy(workspace, cluster ?? '');
  throw badInput(`the folder holds policies of ${more.length + 1} clusters`, {
    code: 'cluster.ambiguous',
    remedy: 'name a folder of one cluster with --folder',
  });
}

/** `at`: ISO 8601, `now`, or +DURATION. Exit 4 where a change would be refused then. */
export async function freezeAt(ctx: Context, at: string): Promise<Report<FreezeReport>> {
  const workspace = await workspaceWithCluster(ctx);
  const data = answerAt(onlyPolicy(workspace), instant(at, workspace.now, '--check'));
  return { data, exit: data.frozen ? 4 : 0 };
}
