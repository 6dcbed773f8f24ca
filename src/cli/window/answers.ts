/**
 * `window approve`, `reject`, `withdraw` and `review`: somebody reads what the window is about,
 * and signs an answer. Who may answer is checked here for a clear word, and again by whoever folds
 * the papers: nothing here can make an answer count that does not.
 */
import { systemClock } from '../../adapters/system-clock.ts';
import { hashText } from '../../change/papers.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowPaper } from '../../schema/generated/window-paper.ts';
import { type Cli, print } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { readLine } from '../words/asking.ts';
import { counted } from '../words/progress.ts';
import { agree } from './asking.ts';
import { type Desk, filePaper, findWindow, needPolicy } from './desk.ts';
import { type Identity, identityOf, needRole, sayWhoSigns, signedPaper, trustOf } from './keys.ts';
import { deskWithCluster, policyFor } from './list.ts';
import { pushWindow } from './push.ts';
import { whoMayApprove, windowWords } from './words.ts';

export function refused(message: string, code: string, remedy: string): DrydockError {
  return new DrydockError(message, { code, exit: 4, remedy });
}

/** Everything an answer needs: the window, the policy it is judged by, and who signs. */
export interface Answering {
  desk: Desk;
  window: ChangeWindow;
  policy: Policy;
  identity: Identity;
}

export async function prepareAnswer(cli: Cli, args: Args, verb: string): Promise<Answering> {
  const desk = await deskWithCluster(cli, args);
  const [given] = (args.words ?? []) as string[];
  const window = findWindow(desk, given, verb);
  const policy = needPolicy(desk, window.request.clusters[0]?.uuid ?? '');
  return { desk, window, policy, identity: identityOf(args, policy) };
}

export interface Answer {
  kind: WindowPaper['kind'];
  body: JsonObject;
  /** Of the record of this control host. */
  type: string;
}

/** Throws when a paper would not count: nobody is helped by one that lies there refused. */
export function demandCounts(desk: Desk, paper: Paper, kind: WindowPaper['kind']): ChangeWindow {
  const id = paper.name.split('/')[1] as string;
  const after = findWindow({ ...desk, papers: [...desk.papers, paper] }, id, kind);
  const why = after.refused.find(({ name }) => name === paper.name)?.why;
  if (why === undefined) return after;
  throw refused(
    `the ${kind} would not count: ${why}`,
    'paper.refused',
    `see drydock window show ${id}`,
  );
}

/** Signs, files and records an answer; the window as it is then. */
export async function signAnswer(
  cli: Cli,
  { desk, window, policy, identity }: Answering,
  { kind, body, type }: Answer,
): Promise<{ window: ChangeWindow; hash: string; file: string }> {
  // Whoever signs may have read for a while; what others filed meanwhile came before.
  const at = systemClock().now() + desk.aheadMs;
  desk.now = at;
  const document: WindowPaper = {
    schema: 'drydock.window-paper/1',
    window: window.id,
    kind,
    by: identity.principal,
    at: new Date(at).toISOString(),
    body,
  };
  const trust = trustOf(policy);
  const paper = await signedPaper({ document, identity, namespace: 'drydock.window', trust, at });
  const after = demandCounts(desk, paper, kind);
  const file = await filePaper(cli, desk, paper, type);
  return { window: after, hash: hashText(paper.text), file };
}

function tell(cli: Cli, done: { window: ChangeWindow; hash: string; file: string }): void {
  const { window, hash, file } = done;
  const { id, state } = window;
  print(
    cli,
    { schema: 'drydock.window-answer/1', window: id, state, hash, file },
    () => `${id} ${state}\n`,
  );
}

/** The request, or the amendment whose hash begins with what was given. */
function answered(window: ChangeWindow, given: unknown): { of: string; approvedBy: string[] } {
  const { pending } = window;
  if (given !== undefined) {
    const found = pending.filter(({ hash }) => hash.startsWith(String(given)));
    if (found.length === 1) {
      return { of: found[0]!.hash, approvedBy: found[0]!.approvals.map(({ by }) => by) };
    }
    const known = pending.map(({ hash }) => hash.slice(0, 16)).join(', ');
    throw refused(
      `${window.id} has no amendment ${given} that waits`,
      'amendment.unknown',
      known ? `name one of ${known}` : 'none waits',
    );
  }
  if (window.state === 'requested') {
    return { of: window.hash, approvedBy: window.approvals.map(({ by }) => by) };
  }
  const waiting = pending[0];
  if (window.state === 'open' && pending.length === 1 && waiting) {
    return { of: waiting.hash, approvedBy: waiting.approvals.map(({ by }) => by) };
  }
  throw refused(
    `${window.id} is ${window.state}: nothing of it waits for an answer`,
    'window.answered',
    pending.length > 1 ? 'name an amendment with --amendment' : 'see `drydock window show`',
  );
}

function refuseOwn({ window, policy, identity }: Answering, approvedBy: string[]): void {
  const { principal } = identity;
  const { id, requester, implementer, request } = window;
  const able = whoMayApprove(window, policy);
  const ask = able.length > 0 ? `ask ${able.join(', ')}` : 'nobody is left who may';
  if ([implementer.principal, request.implementer.principal, requester].includes(principal)) {
    const role = principal === requester ? 'asked for it' : 'carry it out';
    throw refused(
      `${principal} cannot approve ${id}: they ${role} themselves`,
      'approval.own',
      ask,
    );
  }
  if (approvedBy.includes(principal)) {
    throw refused(`${principal} has approved ${id} already`, 'approval.twice', ask);
  }
}

export async function approveWindow(cli: Cli, args: Args): Promise<number> {
  const answering = await prepareAnswer(cli, args, 'approve');
  const { window, policy, identity } = answering;
  needRole(policy, identity, 'approve', 'approve');
  const { of, approvedBy } = answered(window, args.amendment);
  refuseOwn(answering, approvedBy);
  cli.say(windowWords(window, policy, cli.paint).trimEnd());
  sayWhoSigns(cli, identity, 'the approval');
  await agree(cli, args, `Approve ${window.id}?`, window);
  const body = { of, note: typeof args.note === 'string' ? args.note : '' };
  const done = await signAnswer(cli, answering, {
    kind: 'approval',
    body,
    type: 'window.approved',
  });
  await pushWhereOpen(cli, args, answering.desk, done.window);
  tell(cli, done);
  const missing = policy.approvals - done.window.approvals.length;
  if (done.window.state === 'approved') cli.say(`approved; next: drydock window open ${window.id}`);
  else if (done.window.state === 'requested') {
    const able = whoMayApprove(done.window, policyFor(answering.desk, done.window));
    cli.say(`${counted(missing, 'approval')} missing; may approve: ${able.join(', ') || 'nobody'}`);
  }
  return 0;
}

async function reasonFor(cli: Cli, args: Args, verb: string): Promise<string> {
  const given = typeof args.reason === 'string' ? args.reason : await readLine(cli, 'Reason: ');
  if (given?.trim()) return given.trim();
  throw new DrydockError(`\`window ${verb}\` needs a reason`, {
    code: 'usage',
    exit: 2,
    remedy: 'give one with --reason',
  });
}

export async function rejectWindow(cli: Cli, args: Args): Promise<number> {
  const answering = await prepareAnswer(cli, args, 'reject');
  const { window, policy, identity } = answering;
  needRole(policy, identity, 'approve', 'reject');
  const { of } = answered(window, args.amendment);
  const note = await reasonFor(cli, args, 'reject');
  cli.say(windowWords(window, policy, cli.paint).trimEnd());
  await agree(cli, args, `Reject ${window.id}?`, window);
  const body = { of, note };
  const done = await signAnswer(cli, answering, {
    kind: 'rejection',
    body,
    type: 'window.rejected',
  });
  await pushWhereOpen(cli, args, answering.desk, done.window);
  tell(cli, done);
  return 0;
}

export async function withdrawWindow(cli: Cli, args: Args): Promise<number> {
  const answering = await prepareAnswer(cli, args, 'withdraw');
  const { window, identity } = answering;
  if (!['requested', 'approved'].includes(window.state)) {
    throw refused(
      `${window.id} is ${window.state}`,
      'window.state',
      'an open window is closed instead',
    );
  }
  if (identity.principal !== window.requester) {
    throw refused(
      `${identity.principal} cannot withdraw ${window.id}`,
      'person.other',
      `${window.requester} asked for it`,
    );
  }
  const note = await reasonFor(cli, args, 'withdraw');
  await agree(cli, args, `Withdraw ${window.id}?`, window);
  const body = { of: window.hash, note };
  tell(
    cli,
    await signAnswer(cli, answering, { kind: 'withdrawal', body, type: 'window.withdrawn' }),
  );
  return 0;
}

export async function reviewWindow(cli: Cli, args: Args): Promise<number> {
  const answering = await prepareAnswer(cli, args, 'review');
  const { window, policy, identity } = answering;
  if (window.state !== 'closed') {
    throw refused(
      `${window.id} is ${window.state}: only a closed window is reviewed`,
      'window.state',
      window.state === 'open' ? `drydock window close ${window.id}` : 'see `drydock window show`',
    );
  }
  needRole(policy, identity, 'approve', 'review');
  const given = typeof args.notes === 'string' ? args.notes : await readLine(cli, 'Notes: ');
  if (!given?.trim()) {
    throw new DrydockError('a review says something', {
      code: 'usage',
      exit: 2,
      remedy: 'give --notes TEXT',
    });
  }
  cli.say(windowWords(window, policy, cli.paint).trimEnd());
  await agree(cli, args, `Sign the review of ${window.id}?`);
  const body = { of: window.hash, notes: given.trim() };
  const done = await signAnswer(cli, answering, { kind: 'review', body, type: 'window.reviewed' });
  await pushWhereOpen(cli, args, answering.desk, done.window);
  tell(cli, done);
  return 0;
}

/** Servers that hold a window are told what becomes of it, if they can be reached. */
async function pushWhereOpen(
  cli: Cli,
  args: Args,
  desk: Desk,
  window: ChangeWindow,
): Promise<void> {
  if (window.opened) await pushWindow(cli, args, desk, window);
}
