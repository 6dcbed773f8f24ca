/**
 * Somebody approves, rejects, withdraws or reviews a window: they read what it is about, and sign
 * an answer. Who may answer is checked here for a clear word, and again by whoever folds the
 * documents: nothing here can make an answer count that does not.
 */
import { hashText } from '../../change/text.ts';
import type { ChangeWindow } from '../../change/types.ts';
import { DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { endInWords } from '../../runbook/run/standing.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowAnswerReport } from '../../schema/generated/reports/window-answer.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import type { WindowDocument } from '../../schema/generated/window-document.ts';
import type { Context } from '../context.ts';
import { needYes, type Question } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import {
  type Identity,
  identityOf,
  needRole,
  signedDocument,
  tellWhoSigns,
  trustOf,
} from './keys.ts';
import { pushWindow } from './push.ts';
import { whoMayApprove } from './windows.ts';
import {
  fileDocument,
  findWindow,
  needPolicy,
  type Workspace,
  workspaceWithCluster,
} from './workspace.ts';

export function refused(message: string, code: string, remedy: string): DrydockError {
  return new DrydockError(message, { code, exit: 4, remedy });
}

/** Everything an answer needs: the window, the policy it is judged by, and who signs. */
export interface Answering {
  workspace: Workspace;
  window: ChangeWindow;
  policy: Policy;
  identity: Identity;
}

async function prepareAnswer(
  ctx: Context,
  window: string | undefined,
  verb: string,
): Promise<Answering> {
  const workspace = await workspaceWithCluster(ctx);
  const found = findWindow(workspace, window, verb);
  const policy = needPolicy(workspace, found.request.clusters[0]?.uuid ?? '');
  return { workspace, window: found, policy, identity: identityOf(ctx.keys, policy) };
}

export interface Answer {
  kind: WindowDocument['kind'];
  body: JsonObject;
  /** Of the record of this control host. */
  type: string;
}

export interface Signed {
  window: ChangeWindow;
  hash: string;
  file: string;
}

/** Throws when a document would not count: nobody is helped by one that lies there refused. */
export function demandCounts(
  workspace: Workspace,
  signed: SignedDocument,
  kind: WindowDocument['kind'],
): ChangeWindow {
  const id = signed.name.split('/')[1] as string;
  const after = findWindow({ ...workspace, papers: [...workspace.papers, signed] }, id, kind);
  const why = after.refused.find(({ name }) => name === signed.name)?.why;
  if (why === undefined) return after;
  throw refused(
    `the ${kind} would not count: ${why}`,
    'paper.refused',
    `see drydock window show ${id}`,
  );
}

/** Signs, files and records an answer; the window as it is then. */
export async function signAnswer(
  ctx: Context,
  { workspace, window, policy, identity }: Answering,
  { kind, body, type }: Answer,
): Promise<Signed> {
  // Whoever signs may have read for a while; what others filed meanwhile came before.
  const at = ctx.clock.now() + workspace.aheadMs;
  workspace.now = at;
  const document: WindowDocument = {
    schema: 'drydock.window-paper/1',
    window: window.id,
    kind,
    by: identity.principal,
    at: new Date(at).toISOString(),
    body,
  };
  const trust = trustOf(policy);
  const namespace = 'drydock.window';
  const signed = await signedDocument(ctx.keys, { document, identity, namespace, trust, at });
  const after = demandCounts(workspace, signed, kind);
  const file = await fileDocument(ctx, workspace, signed, type);
  return { window: after, hash: hashText(signed.text), file };
}

function answerReport({ window, hash, file }: Signed): Report<WindowAnswerReport> {
  const { id, state } = window;
  return reportOf({ schema: 'drydock.window-answer/1', window: id, state, hash, file });
}

/** The request, or the amendment whose hash begins with what was given. */
function answered(
  window: ChangeWindow,
  amendment: string | undefined,
): { of: string; approvedBy: string[] } {
  const { pending } = window;
  if (amendment !== undefined) {
    const found = pending.filter(({ hash }) => hash.startsWith(amendment));
    if (found.length === 1) {
      return { of: found[0]!.hash, approvedBy: found[0]!.approvals.map(({ by }) => by) };
    }
    const known = pending.map(({ hash }) => hash.slice(0, 16)).join(', ');
    throw refused(
      `${window.id} has no amendment ${amendment} that waits`,
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

export interface AnswerWish {
  /** The window by its name, a part of it, or its ticket. */
  window: string | undefined;
  /** Hash of the amendment that is answered, or how it begins; else the request. */
  amendment?: string | undefined;
}

/** What the approver read goes by; its end is the time limit. */
function askYes(ctx: Context, question: Question, { id, endsAt }: ChangeWindow): Promise<void> {
  return needYes(ctx.person, question, endInWords({ id, endsAt }));
}

/** How many approvals are missing, and who may give them, go beside the report. */
export interface Approved extends Report<WindowAnswerReport> {
  missing: number;
  mayApprove: string[];
}

export async function approveWindow(
  ctx: Context,
  wish: AnswerWish & { note: string },
): Promise<Approved> {
  const answering = await prepareAnswer(ctx, wish.window, 'approve');
  const { window, policy, identity, workspace } = answering;
  needRole(policy, identity, 'approve', 'approve');
  const { of, approvedBy } = answered(window, wish.amendment);
  refuseOwn(answering, approvedBy);
  ctx.tell({ type: 'window.shown', window, policy });
  tellWhoSigns(ctx, identity, { is: 'approval' });
  await askYes(ctx, { ask: 'approve', window: window.id }, window);
  const body = { of, note: wish.note };
  const answer: Answer = { kind: 'approval', body, type: 'window.approved' };
  const done = await signAnswer(ctx, answering, answer);
  await pushWhereOpen(ctx, workspace, done.window);
  const missing = policy.approvals - done.window.approvals.length;
  return { ...answerReport(done), missing, mayApprove: whoMayApprove(done.window, policy) };
}

/** What cannot be left out, and the option that gives it. */
async function saidFor(
  ctx: Context,
  wanted: 'reason' | 'notes',
  given: string | undefined,
  missing: { message: string; remedy: string },
): Promise<string> {
  const said = given ?? (await ctx.person.says(wanted));
  if (said?.trim()) return said.trim();
  const { message, remedy } = missing;
  throw new DrydockError(message, { code: 'usage', exit: 2, remedy });
}

function reasonFor(ctx: Context, given: string | undefined, verb: string): Promise<string> {
  const message = `\`window ${verb}\` needs a reason`;
  return saidFor(ctx, 'reason', given, { message, remedy: 'give one with --reason' });
}

export async function rejectWindow(
  ctx: Context,
  wish: AnswerWish & { reason: string | undefined },
): Promise<Report<WindowAnswerReport>> {
  const answering = await prepareAnswer(ctx, wish.window, 'reject');
  const { window, policy, identity } = answering;
  needRole(policy, identity, 'approve', 'reject');
  const { of } = answered(window, wish.amendment);
  const note = await reasonFor(ctx, wish.reason, 'reject');
  ctx.tell({ type: 'window.shown', window, policy });
  await askYes(ctx, { ask: 'reject', window: window.id }, window);
  const body = { of, note };
  const answer: Answer = { kind: 'rejection', body, type: 'window.rejected' };
  const done = await signAnswer(ctx, answering, answer);
  await pushWhereOpen(ctx, answering.workspace, done.window);
  return answerReport(done);
}

export async function withdrawWindow(
  ctx: Context,
  wish: AnswerWish & { reason: string | undefined },
): Promise<Report<WindowAnswerReport>> {
  const answering = await prepareAnswer(ctx, wish.window, 'withdraw');
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
  const note = await reasonFor(ctx, wish.reason, 'withdraw');
  await askYes(ctx, { ask: 'withdraw', window: window.id }, window);
  const body = { of: window.hash, note };
  const answer: Answer = { kind: 'withdrawal', body, type: 'window.withdrawn' };
  return answerReport(await signAnswer(ctx, answering, answer));
}

export async function reviewWindow(
  ctx: Context,
  wish: AnswerWish & { notes: string | undefined },
): Promise<Report<WindowAnswerReport>> {
  const answering = await prepareAnswer(ctx, wish.window, 'review');
  const { window, policy, identity } = answering;
  if (window.state !== 'closed') {
    throw refused(
      `${window.id} is ${window.state}: only a closed window is reviewed`,
      'window.state',
      window.state === 'open' ? `drydock window close ${window.id}` : 'see `drydock window show`',
    );
  }
  needRole(policy, identity, 'approve', 'review');
  const missing = { message: 'a review says something', remedy: 'give --notes TEXT' };
  const notes = await saidFor(ctx, 'notes', wish.notes, missing);
  ctx.tell({ type: 'window.shown', window, policy });
  await needYes(ctx.person, { ask: 'review', window: window.id });
  const body = { of: window.hash, notes };
  const answer: Answer = { kind: 'review', body, type: 'window.reviewed' };
  const done = await signAnswer(ctx, answering, answer);
  await pushWhereOpen(ctx, answering.workspace, done.window);
  return answerReport(done);
}

/** Servers that hold a window are informed of what becomes of it, if they can be reached. */
async function pushWhereOpen(ctx: Context, workspace: Workspace, window: ChangeWindow) {
  if (window.opened) await pushWindow(ctx, workspace, window);
}
