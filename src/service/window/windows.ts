/** What the documents say of windows, with or without a cluster at hand. */
import type { ChangeWindow } from '../../change/types.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowReport } from '../../schema/generated/reports/window.ts';
import type { WindowsReport } from '../../schema/generated/reports/windows.ts';
import type { Context } from '../context.ts';
import { type Report, reportOf } from '../report.ts';
import {
  believedPolicy,
  findWindow,
  type Workspace,
  windowsOf,
  workspaceWithCluster,
} from './workspace.ts';

/** The policy that a window is judged by, as the workspace knows it. */
function policyFor(workspace: Workspace, window: ChangeWindow): Policy | null {
  return believedPolicy(workspace, window.request.clusters[0]?.uuid ?? '').policy;
}

/** Who could still approve: with the role, and neither requester nor implementer. */
export function whoMayApprove(window: ChangeWindow, policy: Policy | null): string[] {
  const out = [
    window.requester,
    window.implementer.principal,
    window.request.implementer.principal,
  ];
  const done = window.approvals.map(({ by }) => by);
  return (policy?.people ?? [])
    .filter(({ roles }) => roles.includes('approve'))
    .map(({ principal }) => principal)
    .filter((principal) => !out.includes(principal) && !done.includes(principal));
}

/** Beside the report: where the documents lie, and how many approvals each window needs. */
export interface WindowsFound extends Report<WindowsReport> {
  folder: string;
  windows: ChangeWindow[];
  needed: Record<string, number>;
}

export async function listWindows(
  ctx: Context,
  { state: wanted }: { state?: string | undefined },
): Promise<WindowsFound> {
  const workspace = await workspaceWithCluster(ctx);
  const windows = windowsOf(workspace).filter(({ state }) => !wanted || state === wanted);
  const needed = windows.map((window): [string, number] => [
    window.id,
    policyFor(workspace, window)?.approvals ?? window.request.approvals,
  ]);
  const { odd, folder } = workspace;
  const report = reportOf({ schema: 'drydock.windows/1', windows, odd } as const);
  return { ...report, folder, windows, needed: Object.fromEntries(needed) };
}

/** The window itself and the policy that it is judged by go beside the report. */
export interface WindowFound extends Report<WindowReport> {
  window: ChangeWindow;
  policy: Policy | null;
}

export async function showWindow(ctx: Context, given: string | undefined): Promise<WindowFound> {
  const workspace = await workspaceWithCluster(ctx);
  const window = findWindow(workspace, given, 'show');
  const policy = policyFor(workspace, window);
  const needed = policy?.approvals ?? window.request.approvals;
  const able = whoMayApprove(window, policy);
  const data = { schema: 'drydock.window/1', ...window, needed, mayApprove: able } as const;
  return { ...reportOf(data), window, policy };
}
