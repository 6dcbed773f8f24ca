/** `window list` and `window show`: what the papers say, with or without a cluster at hand. */
import type { ChangeWindow } from '../../change/types.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import { openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { believedPolicy, type Desk, findWindow, openDesk, windowsOf, withHeld } from './desk.ts';
import { stateWords, whoMayApprove, windowWords } from './words.ts';

/** The desk with what a cluster holds, if there is one; without one the folder has to do. */
export async function deskWithCluster(cli: Cli, args: Args): Promise<Desk> {
  const desk = openDesk(cli, args);
  const cluster = await openCluster(cli, args).catch((error: unknown) => {
    if (!(error instanceof DrydockError) || args.cluster !== undefined) throw error;
    return null;
  });
  if (!cluster) return desk;
  try {
    return await withHeld(desk, cluster.door);
  } finally {
    await cluster.close();
  }
}

/** The policy that a window is judged by, as the desk knows it. */
export function policyFor(desk: Desk, window: ChangeWindow): Policy | null {
  return believedPolicy(desk, window.request.clusters[0]?.uuid ?? '').policy;
}

function approvalsWords(desk: Desk, window: ChangeWindow): string {
  if (window.opened?.emergency) return 'break-glass';
  const needed = policyFor(desk, window)?.approvals ?? window.request.approvals;
  return `${window.approvals.length}/${needed}`;
}

export async function listWindows(cli: Cli, args: Args): Promise<number> {
  const desk = await deskWithCluster(cli, args);
  const all = windowsOf(desk).filter(({ state }) => !args.state || state === args.state);
  print(cli, { schema: 'drydock.windows/1', windows: all, odd: desk.odd }, () =>
    table([
      ['WINDOW', 'STATE', 'TICKET', 'START', 'END', 'IMPLEMENTER', 'APPROVALS', 'TITLE'],
      ...all.map((window) => [
        window.id,
        stateWords(window),
        window.request.ticket || '-',
        window.request.start,
        window.request.end,
        window.implementer.principal,
        approvalsWords(desk, window),
        window.request.title,
      ]),
    ]),
  );
  if (all.length === 0) cli.say(`there is no window in ${desk.folder}`);
  return 0;
}

export function showOne(cli: Cli, desk: Desk, window: ChangeWindow): void {
  const policy = policyFor(desk, window);
  const mayApprove = whoMayApprove(window, policy);
  const needed = policy?.approvals ?? window.request.approvals;
  const document = { schema: 'drydock.window/1', ...window, needed, mayApprove };
  print(cli, document, () => windowWords(window, policy, cli.paintData));
}

export async function showWindow(cli: Cli, args: Args): Promise<number> {
  const desk = await deskWithCluster(cli, args);
  const [given] = (args.words ?? []) as string[];
  showOne(cli, desk, findWindow(desk, given, 'show'));
  return 0;
}
