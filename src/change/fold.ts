/**
 * A window from its papers: each is an event of the chart, in the order of their dates; between
 * them time passes. Nothing is dropped in silence: a paper that does not count is listed in
 * `refused` with its reason.
 *
 *   papers ─► sheets.ts: read, signature, date ─► rules.ts: may they say that ─► the chart
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
import type { Paper } from '../schema/generated/paper.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { ApprovedPlan, Person, WindowRequest } from '../schema/generated/window-paper.ts';
import { CLOCK_SLACK_MS } from '../signing/index.ts';
import { samePerson, trustOf } from './policies.ts';
import { type PolicyTimes, policyTimes } from './policy-times.ts';
import { NO_RECEIPTS, type Receipts } from './receipts.ts';
import { DAY_MS, MOST_DAYS, namedApprovals, objectionTo, type Scene } from './rules.ts';
import { isKind, type Kind, type Sheet, sortPapers } from './sheets.ts';
import type { Approval, ChangeWindow, WindowState } from './types.ts';
import { oneUnplanned } from './unplanned.ts';

export { newestPolicy } from './policies.ts';

const EMERGENCY_MINUTES = 240;

type Chart = Move<typeof changeWindowMachine>['chart'];

interface Folding {
  chart: Chart;
  counted: Map<string, Sheet>;
  all: ReadonlyMap<string, Sheet>;
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
  const sheet = hash === null ? undefined : folding.counted.get(hash);
  return sheet && isKind(sheet, kind) ? sheet : null;
}

function allOf<K extends Kind>(folding: Folding, kind: K): Sheet<K>[] {
  return [...folding.counted.values()].filter((sheet) => isKind(sheet, kind));
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

function eventOf(sheet: Sheet, folding: Folding, scene: Scene): ChangeWindowEvent {
  const { hash, by, word } = sheet;
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
      const approvals = namedApprovals(sheet as Sheet<'opening'>, scene);
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
function whyNot(folding: Folding, sheet: Sheet, scene: Scene): string | null {
  const { first, knownAt } = folding.policies;
  if (first && !sheet.isOld && sheet.at < Date.parse(first.at) - CLOCK_SLACK_MS) {
    return `it is dated ${sheet.word.at}, before the first policy of the cluster (${first.at})`;
  }
  const why = objectionTo(sheet, scene);
  if (why !== null || sheet.receivedAt === null) return why;
  const policy = knownAt(sheet.receivedAt);
  const late = policy === scene.policy ? null : objectionTo(sheet, { ...scene, policy });
  if (late === null) return null;
  const came = `no server had it before ${new Date(sheet.receivedAt).toISOString()}`;
  return `it came too late: ${late} since version ${policy?.version}, and ${came}`;
}

function weigh(folding: Folding, sheet: Sheet): void {
  passTime(folding, sheet.place);
  const scene: Scene = {
    context: contextOf(folding.chart),
    counted: folding.counted,
    all: folding.all,
    policy: folding.policyAt(sheet.at),
    unreviewed: folding.unreviewed,
    isSame: folding.isSame,
  };
  const refuse = (why: string) => folding.refused.push({ name: sheet.name, why });
  const why = whyNot(folding, sheet, scene);
  if (why !== null) {
    refuse(why);
    return;
  }
  const event = eventOf(sheet, folding, scene);
  if (!folding.chart.can(event)) {
    const state = scene.context.request === null ? 'without a request' : stateOf(folding.chart);
    refuse(`a window that is ${state} takes no ${sheet.word.kind}`);
    return;
  }
  send(folding, event);
  folding.counted.set(sheet.hash, sheet);
}

/** Stands for a request that is not among the papers, or does not count. */
const NO_REQUEST: WindowRequest = {
  title: '(its request is not among the papers)',
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
    const sheet = countedOf(folding, hash, 'approval');
    if (!sheet) return [];
    return [{ by: sheet.by, at: sheet.word.at, note: sheet.word.body.note ?? '', hash }];
  });
}

function signed({ by, hash, word: { at } }: Sheet) {
  return { by, at, hash };
}

function implementerOf(folding: Folding, request: WindowRequest): Person {
  const { to } = allOf(folding, 'handover').at(-1)?.word.body ?? {};
  return to ?? request.implementer;
}

function planOf(folding: Folding, hash: string): ApprovedPlan[] {
  const sheet = countedOf(folding, hash, 'amendment');
  return sheet ? [sheet.word.body.plan] : [];
}

function windowOf(folding: Folding, id: string, claimed: Sheet | undefined): ChangeWindow {
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
      const sheet = countedOf(folding, hash, 'amendment');
      if (!sheet) return [];
      const { plan, run } = sheet.word.body;
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

/** What is known of papers beside their words. */
export interface Surroundings {
  receipts?: Receipts;
  /** Another window that break-glass opened without any plan, and that nobody has reviewed yet. */
  unreviewed?: string | null;
}

/** When a window is over a paper of it that no server holds may have left the servers since. */
function unlessOver(papers: readonly Paper[], receipts: Receipts, now: number): Receipts {
  const ends = papers.map(({ text }) => {
    const { kind, body } = JSON.parse(text) as { kind?: unknown; body?: { end?: unknown } };
    return kind === 'request' ? Date.parse(String(body?.end)) : Number.NaN;
  });
  return ends.some((end) => end < now) ? { ...receipts, unheldAt: null } : receipts;
}

/** The window that `papers` are of; papers of other windows among them are left alone. */
export function foldWindow(
  papers: readonly Paper[],
  policy: Policy | null,
  trust: Trust,
  now: number,
  { receipts: given = NO_RECEIPTS, unreviewed = null }: Surroundings = {},
): ChangeWindow {
  const id = papers.map(({ name }) => idOf(name)).find((one) => one !== null) ?? '';
  const own = papers.filter(({ name }) => idOf(name) === id);
  const receipts = given.unheldAt === null ? given : unlessOver(own, given, now);
  const { sheets, refused, claimed } = sortPapers(own, trust, now, receipts);
  const times = policyTimes(papers, policy, receipts);
  const request = sheets.find((sheet) => isKind(sheet, 'request'));
  const folding: Folding = {
    chart: startChart(changeWindowMachine, { needed: 1 }).chart,
    counted: new Map(),
    all: new Map(sheets.map((sheet) => [sheet.hash, sheet])),
    refused,
    policies: times,
    policyAt: times.at,
    now,
    unreviewed,
    isSame: samePerson(trust),
  };
  for (const sheet of sheets) weigh(folding, sheet);
  passTime(folding, now);
  return windowOf(folding, id, request ?? claimed[0]);
}

function idOf(name: string): string | null {
  const [room, id] = name.split('/');
  return room === 'window' && id !== undefined ? id : null;
}

/** Every window among the papers, by id. */
export function foldWindows(
  papers: readonly Paper[],
  policy: Policy | null,
  now: number,
  receipts: Receipts = NO_RECEIPTS,
): ChangeWindow[] {
  const trust = trustOf(policy);
  const versions = papers.filter(({ name }) => name === 'policy');
  const ids = [...new Set(papers.flatMap(({ name }) => idOf(name) ?? []))].sort();
  const fold = (id: string, unreviewed: string | null) => {
    const own = papers.filter(({ name }) => idOf(name) === id);
    return foldWindow([...own, ...versions], policy, trust, now, { receipts, unreviewed });
  };
  return oneUnplanned(
    ids.map((id) => fold(id, null)),
    receipts,
    fold,
  );
}
