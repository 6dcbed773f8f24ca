/**
 * A window from its documents: each is an event of the chart, in the order of their dates; between
 * them time passes. Nothing is dropped in silence: a document that does not count is listed in
 * `refused` with its reason.
 *
 *   documents ─► sheets.ts: read, signature, date ─► rules.ts: may they say that ─► the chart
 *
 * How many approvals are needed, and who has which role, is what the policy in force at that time
 * says, where its older versions are at hand. Whose key counts is what `trust` says, so a key that
 * is revoked takes back what it has signed; one that merely expired does not. But a date is its
 * signer's word: what no server had before the key, or the right to say it, was gone comes too late.
 */
import {
  type ChangeWindowContext,
  type ChangeWindowEvent,
  changeWindowMachine,
} from '../../machines/change-window.machine.ts';
import { type Move, moveChart, startChart } from '../core/chart.ts';
import type { Trust } from '../ports/signatures.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type { ApprovedPlan, Person, WindowRequest } from '../schema/generated/window-document.ts';
import { CLOCK_SLACK_MS } from '../signing/index.ts';
import { samePerson, trustOf } from './policies.ts';
import { type PolicyTimes, policyTimes } from './policy-times.ts';
import { NO_RECEIPTS, type Receipts } from './receipts.ts';
import { DAY_MS, MOST_DAYS, namedApprovals, objectionTo, type Scene } from './rules.ts';
import type { Approval, ChangeWindow, WindowState } from './types.ts';
import { oneUnplanned } from './unplanned.ts';
import { isKind, type Kind, sortDocuments, type VerifiedDocument } from './verified.ts';

export { newestPolicy } from './policies.ts';

const EMERGENCY_MINUTES = 240;

type Chart = Move<typeof changeWindowMachine>['chart'];

interface Folding {
  chart: Chart;
  counted: Map<string, VerifiedDocument>;
  all: ReadonlyMap<string, VerifiedDocument>;
  refused: { name: string; why: string }[];
  policies: PolicyTimes;
  policyAt(at: number): Policy | null;
  now: number;
  unreviewed: string | null;
  isSame: Scene['isSame'];
}

function contextOf(chart: Chart): ChangeWindowContext {
  return chart.context;
}

function countedOf<K extends Kind>(folding: Folding, hash: string | null, kind: K) {
  const verified = hash === null ? undefined : folding.counted.get(hash);
  return verified && isKind(verified, kind) ? verified : null;
}

function allOf<K extends Kind>(folding: Folding, kind: K): VerifiedDocument<K>[] {
  return [...folding.counted.values()].filter((verified) => isKind(verified, kind));
}

/** Between which instants work may be done. A window of old times is cut to what one lasts. */
function spanOf(folding: Folding, request: WindowRequest): { startsAt: number; endsAt: number } {
  const { opening, isEmergency } = contextOf(folding.chart);
  const startsAt = Date.parse(request.start);
  const endsBy = startsAt + MOST_DAYS * DAY_MS;
  const planned = { startsAt, endsAt: Math.min(Date.parse(request.end), endsBy) };
  const opened = countedOf(folding, opening, 'opening');
  if (!opened || !isEmergency) return planned;
  const minutes = folding.policyAt(opened.at)?.emergencyMinutes ?? EMERGENCY_MINUTES;
  const endsAt = Math.min(planned.endsAt, opened.at + minutes * 60_000);
  // At once: a clock that is a little ahead must not keep anybody waiting in an emergency.
  return { startsAt: Math.min(opened.at, folding.now), endsAt };
}

function eventOf(verified: VerifiedDocument, folding: Folding, scene: Scene): ChangeWindowEvent {
  const { hash, by, word } = verified;
  const isAmended =
    'of' in word.body && folding.counted.get(word.body.of)?.word.kind === 'amendment';
  switch (word.kind) {
    case 'request':
      return { type: 'request.made', hash, implementer: word.body.implementer.principal };
    case 'approval':
      return isAmended
        ? { type: 'amendment.approved', hash, of: word.body.of }
        : { type: 'approval.given', hash };
    case 'rejection':
      return isAmended
        ? { type: 'amendment.dropped', of: word.body.of }
        : { type: 'request.rejected' };
    case 'withdrawal':
      return isAmended
        ? { type: 'amendment.dropped', of: word.body.of }
        : { type: 'request.withdrawn' };
    case 'opening': {
      const approvals = namedApprovals(verified as VerifiedDocument<'opening'>, scene);
      const emergency = word.body.emergency !== null;
      return { type: 'window.opened', hash, by, approvals, emergency };
    }
    case 'amendment':
      return { type: 'amendment.proposed', hash };
    case 'handover':
      return { type: 'window.handedOver', to: word.body.to.principal };
    case 'closing':
      return { type: 'window.closed' };
    case 'review':
      return { type: 'review.written' };
  }
}

/** The state in the words of ChangeWindow. */
function stateOf(chart: Chart): WindowState {
  if (typeof chart.value !== 'string') return 'expired';
  return chart.value === 'awaited' ? 'requested' : (chart.value as WindowState);
}

function send(folding: Folding, event: ChangeWindowEvent): void {
  folding.chart = moveChart(changeWindowMachine, folding.chart, event).chart;
}

/** What has happened by itself until then: another policy came into force, the end passed. */
function passTime(folding: Folding, now: number): void {
  const request = countedOf(folding, contextOf(folding.chart).request, 'request')?.word.body;
  const needed = Math.max(1, folding.policyAt(now)?.approvals ?? request?.approvals ?? 1);
  if (needed !== contextOf(folding.chart).needed) send(folding, { type: 'demand.changed', needed });
  if (request && now > spanOf(folding, request).endsAt) send(folding, { type: 'end.passed' });
}

/** Why it comes too early or too late, or may not be said at all; null when it counts. */
function whyNot(folding: Folding, verified: VerifiedDocument, scene: Scene): string | null {
  const { first, knownAt } = folding.policies;
  if (first && !verified.isOld && verified.at < Date.parse(first.at) - CLOCK_SLACK_MS) {
    return `it is dated ${verified.word.at}, before the first policy of the cluster (${first.at})`;
  }
  const why = objectionTo(verified, scene);
  if (why !== null || verified.receivedAt === null) return why;
  const policy = knownAt(verified.receivedAt);
  const late = policy === scene.policy ? null : objectionTo(verified, { ...scene, policy });
  if (late === null) return null;
  const came = `no server had it before ${new Date(verified.receivedAt).toISOString()}`;
  return `it came too late: ${late} since version ${policy?.version}, and ${came}`;
}

function weigh(folding: Folding, verified: VerifiedDocument): void {
  passTime(folding, verified.place);
  const scene: Scene = {
    context: contextOf(folding.chart),
    counted: folding.counted,
    all: folding.all,
    policy: folding.policyAt(verified.at),
    unreviewed: folding.unreviewed,
    isSame: folding.isSame,
  };
  const refuse = (why: string) => folding.refused.push({ name: verified.name, why });
  const why = whyNot(folding, verified, scene);
  if (why !== null) {
    refuse(why);
    return;
  }
  const event = eventOf(verified, folding, scene);
  if (!folding.chart.can(event)) {
    const state = scene.context.request === null ? 'without a request' : stateOf(folding.chart);
    refuse(`a window that is ${state} takes no ${verified.word.kind}`);
    return;
  }
  send(folding, event);
  folding.counted.set(verified.hash, verified);
}

/** Stands for a request that is not among the documents, or does not count. */
const NO_REQUEST: WindowRequest = {
  title: '(its request is not among the documents)',
  ticket: '',
  reason: '',
  risk: '',
  impact: '',
  type: 'normal',
  plans: [],
  backout: '',
  reserveMs: 0,
  clusters: [],
  servers: [],
  start: '1970-01-01T00:00:00Z',
  end: '1970-01-01T00:00:00Z',
  implementer: { principal: '', login: '' },
  approvals: 0,
};

function approvalsOf(folding: Folding, hashes: readonly string[]): Approval[] {
  return hashes.flatMap((hash) => {
    const verified = countedOf(folding, hash, 'approval');
    if (!verified) return [];
    return [{ by: verified.by, at: verified.word.at, note: verified.word.body.note ?? '', hash }];
  });
}

function signed({ by, hash, word: { at } }: VerifiedDocument) {
  return { by, at, hash };
}

function implementerOf(folding: Folding, request: WindowRequest): Person {
  const { to } = allOf(folding, 'handover').at(-1)?.word.body ?? {};
  return to ?? request.implementer;
}

function planOf(folding: Folding, hash: string): ApprovedPlan[] {
  const verified = countedOf(folding, hash, 'amendment');
  return verified ? [verified.word.body.plan] : [];
}

function windowOf(
  folding: Folding,
  id: string,
  claimed: VerifiedDocument | undefined,
): ChangeWindow {
  const context = contextOf(folding.chart);
  const known = countedOf(folding, context.request, 'request');
  const shown = known ?? (claimed && isKind(claimed, 'request') ? claimed : null);
  const request = shown?.word.body ?? NO_REQUEST;
  const opening = countedOf(folding, context.opening, 'opening');
  const closing = allOf(folding, 'closing')[0];
  const review = allOf(folding, 'review')[0];
  return {
    id,
    state: stateOf(folding.chart),
    hash: shown?.hash ?? '',
    requester: shown?.by ?? '',
    requestedAt: shown?.word.at ?? request.start,
    request,
    approvals: approvalsOf(folding, context.approvals),
    plans: known
      ? [...request.plans, ...context.amended.flatMap(({ hash }) => planOf(folding, hash))]
      : [],
    pending: context.pending.flatMap(({ hash, approvals }) => {
      const verified = countedOf(folding, hash, 'amendment');
      if (!verified) return [];
      const { plan, run } = verified.word.body;
      return [{ hash, plan, run, approvals: approvalsOf(folding, approvals) }];
    }),
    opened: opening && { ...opening.word.body, ...signed(opening) },
    ...spanOf(folding, request),
    implementer: implementerOf(folding, request),
    handovers: allOf(folding, 'handover').map(({ by, word: { at, body } }) => ({
      ...body,
      by,
      at,
    })),
    closed: closing ? { ...closing.word.body, ...signed(closing) } : null,
    review: review ? { by: review.by, at: review.word.at, notes: review.word.body.notes } : null,
    owesReview: context.isEmergency && review === undefined,
    refused: folding.refused,
  };
}

/** What is known of documents beside their words. */
export interface Surroundings {
  receipts?: Receipts;
  /** Another window that break-glass opened without any plan, and that nobody has reviewed yet. */
  unreviewed?: string | null;
}

/** When a window is over a document of it that no server holds may have left the servers since. */
function unlessOver(
  documents: readonly SignedDocument[],
  receipts: Receipts,
  now: number,
): Receipts {
  const ends = documents.map(({ text }) => {
    const { kind, body } = JSON.parse(text) as { kind?: unknown; body?: { end?: unknown } };
    return kind === 'request' ? Date.parse(String(body?.end)) : Number.NaN;
  });
  return ends.some((end) => end < now) ? { ...receipts, unheldAt: null } : receipts;
}

/** The window that `documents` are of; documents of other windows among them are left alone. */
export function foldWindow(
  documents: readonly SignedDocument[],
  policy: Policy | null,
  trust: Trust,
  now: number,
  { receipts: given = NO_RECEIPTS, unreviewed = null }: Surroundings = {},
): ChangeWindow {
  const id = documents.map(({ name }) => idOf(name)).find((one) => one !== null) ?? '';
  const own = documents.filter(({ name }) => idOf(name) === id);
  const receipts = given.unheldAt === null ? given : unlessOver(own, given, now);
  const { sheets: verifiedDocuments, refused, claimed } = sortDocuments(own, trust, now, receipts);
  const times = policyTimes(documents, policy, receipts);
  const request = verifiedDocuments.find((verified) => isKind(verified, 'request'));
  const folding: Folding = {
    chart: startChart(changeWindowMachine, { needed: 1 }).chart,
    counted: new Map(),
    all: new Map(verifiedDocuments.map((verified) => [verified.hash, verified])),
    refused,
    policies: times,
    policyAt: times.at,
    now,
    unreviewed,
    isSame: samePerson(trust),
  };
  for (const verified of verifiedDocuments) weigh(folding, verified);
  passTime(folding, now);
  return windowOf(folding, id, request ?? claimed[0]);
}

function idOf(name: string): string | null {
  const [room, id] = name.split('/');
  return room === 'window' && id !== undefined ? id : null;
}

/** Every window among the documents, by id. */
export function foldWindows(
  documents: readonly SignedDocument[],
  policy: Policy | null,
  now: number,
  receipts: Receipts = NO_RECEIPTS,
): ChangeWindow[] {
  const trust = trustOf(policy);
  const versions = documents.filter(({ name }) => name === 'policy');
  const ids = [...new Set(documents.flatMap(({ name }) => idOf(name) ?? []))].sort();
  const fold = (id: string, unreviewed: string | null) => {
    const own = documents.filter(({ name }) => idOf(name) === id);
    return foldWindow([...own, ...versions], policy, trust, now, { receipts, unreviewed });
  };
  return oneUnplanned(
    ids.map((id) => fold(id, null)),
    receipts,
    fold,
  );
}
