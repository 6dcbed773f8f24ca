/**
 * Whether a document of a window counts: who may say what, of which other document. The order of
 * events is the chart's (machines/change-window.machine.ts); here are roles, separation of duties
 * and hashes. Every rule answers in words that say what would have been right, or null.
 *
 *   document     by                                         answers
 *   request      role request; or role emergency, for    -
 *                an emergency
 *   approval     role approve; not requester, not        request, amendment
 *                implementer, not twice; nor one of
 *                them under another name (a shared key)
 *   rejection    role approve                            request, amendment
 *   withdrawal   whoever wrote what is withdrawn         request, amendment
 *   opening      the implementer, role implement; or     request
 *                role emergency, with a reason
 *   amendment    implementer or requester                request, opening
 *   handover     implementer, requester; whoever broke   request, opening
 *                the glass
 *   closing      implementer or requester                request, opening
 *   review       role approve; nobody who implemented    request, opening, closing
 */
import type { ChangeWindowContext } from '../../machines/change-window.machine.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { Person } from '../schema/generated/window-document.ts';
import { CLOCK_SLACK_MS } from '../signing/index.ts';
import { unlisted } from './orders.ts';
import { hasRole, loginCovers, type Role } from './policies.ts';
import { isKind, type Kind, SLACK_WORDS, secondsOf, type VerifiedDocument } from './verified.ts';

/** What the rules look at. */
export interface Scene {
  context: ChangeWindowContext;
  /** Documents that count so far, and all whose signatures are good, by hash. */
  counted: ReadonlyMap<string, VerifiedDocument>;
  all: ReadonlyMap<string, VerifiedDocument>;
  /** In force when the document was signed; null: nobody has said who may do what. */
  policy: Policy | null;
  /** Another window that break-glass opened without any plan, and that nobody has reviewed yet. */
  unreviewed: string | null;
  isSame(a: string, b: string): boolean;
}

type Rule<K extends Kind> = (verified: VerifiedDocument<K>, scene: Scene) => string | null;

function lacksRole(scene: Scene, principal: string, role: Role): string | null {
  if (scene.policy === null || hasRole(scene.policy, principal, role)) return null;
  return `${principal} does not have the role ${role} in the policy`;
}

/** The login must be one by which the policy knows them, where it names any. */
function wrongLogin({ policy }: Scene, { principal, login }: Person): string | null {
  const logins = policy?.people
    .filter((one) => one.principal === principal)
    .flatMap((one) => one.logins ?? []);
  if (!logins || logins.length === 0) return null;
  if (logins.some((known) => loginCovers(known, login))) return null;
  return `the policy knows ${principal} by the login ${logins.join(' or ')}, not ${login}`;
}

function requesterOf({ context, counted }: Scene): string | null {
  return context.request === null ? null : (counted.get(context.request)?.by ?? null);
}

/** Why the document that is answered is not one that this kind can answer. */
function wrongAnswer(verified: VerifiedDocument, scene: Scene, kinds: Kind[]): string | null {
  const of = 'of' in verified.word.body ? verified.word.body.of : '';
  const other = scene.all.get(of);
  if (!other)
    return `the document that it answers (${of.slice(0, 12)}…) is not here or does not count`;
  const behindMs = other.at - verified.at;
  if (behindMs > CLOCK_SLACK_MS) {
    const apart = `${secondsOf(behindMs)} before the ${other.word.kind} that it answers`;
    return `it is dated ${apart} (${verified.word.at}, ${other.word.at}); ${SLACK_WORDS}`;
  }
  if (!kinds.includes(other.word.kind)) {
    return `it answers a document of kind ${other.word.kind}, and not ${kinds.join(' or ')}`;
  }
  return scene.counted.has(of) ? null : `the ${other.word.kind} that it answers does not count`;
}

function answered(
  verified: VerifiedDocument<'approval' | 'rejection' | 'withdrawal'>,
  scene: Scene,
): VerifiedDocument {
  return scene.counted.get(verified.word.body.of) as VerifiedDocument;
}

/** Approvals of a request or an amendment, as documents. */
function approvalsOf(hash: string, { context, counted }: Scene): VerifiedDocument[] {
  const amendments = [...context.pending, ...context.amended];
  const hashes =
    hash === context.request
      ? context.approvals
      : (amendments.find((one) => one.hash === hash)?.approvals ?? []);
  return hashes.flatMap((one) => counted.get(one) ?? []);
}

/** A window is for a piece of work: one that hardly ends would be no window. */
export const MOST_DAYS = 31;
const MOST_DAYS_AHEAD = 400;
export const DAY_MS = 86_400_000;

/** Why times are not those of a window, in words; null when they may be. */
export function wrongSpan(start: number, end: number, askedAt: number): string | null {
  const days = Math.ceil((end - start) / DAY_MS);
  if (end - start > MOST_DAYS * DAY_MS) {
    return `it is to last ${days} days, and a window lasts ${MOST_DAYS} days at most`;
  }
  if (end <= askedAt + MOST_DAYS_AHEAD * DAY_MS) return null;
  const until = new Date(end).toISOString();
  return `it ends at ${until}, more than ${MOST_DAYS_AHEAD} days after it was asked for`;
}

const request: Rule<'request'> = (verified, scene) => {
  const { type, implementer, start, end, plans } = verified.word.body;
  const hidden = plans.map(unlisted).find((why) => why !== null) ?? null;
  if (hidden !== null) return hidden;
  const wrong = verified.isOld ? null : wrongSpan(Date.parse(start), Date.parse(end), verified.at);
  if (wrong !== null) return wrong;
  const isAlarm = type === 'emergency' && lacksRole(scene, verified.by, 'emergency') === null;
  return (
    (isAlarm ? null : lacksRole(scene, verified.by, 'request')) ?? wrongLogin(scene, implementer)
  );
};

const ANSWERABLE: Kind[] = ['request', 'amendment'];

const approval: Rule<'approval'> = (verified, scene) => {
  const wrong =
    wrongAnswer(verified, scene, ANSWERABLE) ?? lacksRole(scene, verified.by, 'approve');
  if (wrong !== null) return wrong;
  const target = answered(verified, scene);
  const parties: [string | null, string][] = [
    [requesterOf(scene), 'requested it'],
    [scene.context.implementer, 'implements it'],
    [target.by, 'wrote it'],
    ...approvalsOf(target.hash, scene).map(({ by }): [string, string] => [by, 'approved it']),
  ];
  for (const [who, what] of parties) {
    if (who === verified.by) return `${who} ${what}, and cannot approve it too`;
    if (who !== null && scene.isSame(who, verified.by)) {
      return `${verified.by} has a key of ${who}, who ${what}: that is one person`;
    }
  }
  return null;
};

const rejection: Rule<'rejection'> = (verified, scene) =>
  wrongAnswer(verified, scene, ANSWERABLE) ?? lacksRole(scene, verified.by, 'approve');

const withdrawal: Rule<'withdrawal'> = (verified, scene) => {
  const wrong = wrongAnswer(verified, scene, ANSWERABLE);
  if (wrong !== null) return wrong;
  const { by } = answered(verified, scene);
  return by === verified.by ? null : `only ${by}, who wrote it, can withdraw it`;
};

/** How many of the approvals that an opening names count. */
export function namedApprovals(verified: VerifiedDocument<'opening'>, { context }: Scene): number {
  return context.approvals.filter((hash) => verified.word.body.approvals.includes(hash)).length;
}

function isPlanless(of: string, { counted }: Scene): boolean {
  const asked = counted.get(of);
  return asked !== undefined && isKind(asked, 'request') && asked.word.body.plans.length === 0;
}

const opening: Rule<'opening'> = (verified, scene) => {
  const wrong = wrongAnswer(verified, scene, ['request']);
  if (wrong !== null) return wrong;
  const { emergency } = verified.word.body;
  if (emergency !== null) {
    if (emergency.trim() === '') return 'break-glass needs a reason';
    if (scene.unreviewed !== null && isPlanless(verified.word.body.of, scene)) {
      const first = `${scene.unreviewed} was opened by break-glass without a plan`;
      return `${first}, and owes its review: a second one names its plans`;
    }
    return lacksRole(scene, verified.by, 'emergency');
  }
  const { implementer, needed } = scene.context;
  if (verified.by !== implementer) return `only its implementer, ${implementer}, can open it`;
  const named = namedApprovals(verified, scene);
  if (named < needed) return `it names ${named} approvals that count, and ${needed} are needed`;
  return lacksRole(scene, verified.by, 'implement');
};

/** `parties`: who may write it besides implementer and requester. */
function byParty(verified: VerifiedDocument, scene: Scene, parties: string[] = []): string | null {
  const allowed = [scene.context.implementer, requesterOf(scene), ...parties];
  if (allowed.includes(verified.by)) return null;
  return `it takes the implementer or the requester, and ${verified.by} is neither`;
}

const amendment: Rule<'amendment'> = (verified, scene) => {
  const wrong = wrongAnswer(verified, scene, ['request', 'opening']) ?? byParty(verified, scene);
  if (wrong !== null) return wrong;
  const request = scene.counted.get(scene.context.request ?? '');
  if (!request || !isKind(request, 'request')) return 'there is no request';
  const { clusters, servers } = request.word.body;
  const { plan } = verified.word.body;
  if (!clusters.some(({ uuid }) => uuid === plan.cluster)) {
    return `its plan is for the cluster ${plan.cluster}, which the request does not name`;
  }
  const other = plan.servers.find((server) => !servers.includes(server));
  return other ? `its plan acts on ${other}, which the request does not name` : unlisted(plan);
};

const handover: Rule<'handover'> = (verified, scene) => {
  const { context, counted } = scene;
  const { to } = verified.word.body;
  const opener = context.isEmergency ? counted.get(context.opening ?? '')?.by : undefined;
  const wrong =
    wrongAnswer(verified, scene, ['request', 'opening']) ??
    byParty(verified, scene, opener === undefined ? [] : [opener]) ??
    lacksRole(scene, to.principal, 'implement') ??
    wrongLogin(scene, to);
  if (wrong !== null || context.isEmergency) return wrong;
  // Who approved a plan must not carry it out, unless others enough approved it too.
  for (const hash of [context.request ?? '', ...context.amended.map((one) => one.hash)]) {
    const approvals = approvalsOf(hash, scene);
    const others = approvals.filter(({ by }) => !scene.isSame(by, to.principal));
    if (others.length < approvals.length && others.length < context.needed) {
      return `${to.principal} approved it, and cannot implement it too`;
    }
  }
  return null;
};

const review: Rule<'review'> = (verified, scene) => {
  const wrong = wrongAnswer(verified, scene, ['request', 'opening', 'closing']);
  if (wrong !== null) return wrong;
  const own = scene.context.acted.find((one) => scene.isSame(one, verified.by));
  if (own !== undefined) return `${own} opened or implemented it, and cannot review it too`;
  return lacksRole(scene, verified.by, 'approve');
};

const RULES: { [K in Kind]: Rule<K> } = {
  request,
  approval,
  rejection,
  withdrawal,
  opening,
  amendment,
  handover,
  closing: (verified, scene) =>
    wrongAnswer(verified, scene, ['request', 'opening']) ?? byParty(verified, scene),
  review,
};

/** Why the document does not count; null when it does, as far as the chart lets it. */
export function objectionTo(verified: VerifiedDocument, scene: Scene): string | null {
  return (RULES[verified.word.kind] as Rule<Kind>)(verified, scene);
}
