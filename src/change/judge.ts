/**
 * May it be done? The one judgement that `run`, a server's gate and a person's question share.
 * The rules are asked in order, and the first that objects names itself by a code, says what is
 * wrong, and what to do next.
 *
 *   untrusted policy ─► cluster ─► state ─► time ─► person ─► freeze ─► topology ─► server ─► plan
 *
 * Break-glass stands in for approvals and lifts times and freezes; who, where and what stay. Only
 * a window that was opened by break-glass with no plan at all covers whatever its implementer does
 * on its servers: nobody could have planned it. What backs out may go on after the end, with the
 * same plans on the same servers, and through a freeze, as far as the servers' records show that it
 * was begun in time (late.ts).
 */
import { describeError } from '../core/errors.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import { foldWindows } from './fold.ts';
import { frozenAt, nextFreeze } from './freeze.ts';
import { planRule, serverRule } from './judge-plan.ts';
import { mayBeLate } from './late.ts';
import { loginCovers, newestPolicy } from './policies.ts';
import { NO_RECEIPTS, type Receipts } from './receipts.ts';
import type {
  Act,
  ChangeWindow,
  DecisionBasis,
  JudgedCase,
  Judgement,
  JudgeRule,
  Refusal,
} from './types.ts';

const BREAK_GLASS = 'if it cannot wait: --emergency REASON';

function instant(at: number): string {
  return new Date(at).toISOString().replace(/\.000Z$/, 'Z');
}

export function isEmergency(window: ChangeWindow): boolean {
  return window.opened !== null && window.opened.emergency !== null;
}

const clusterRule: JudgeRule = ({ act, window }) => {
  if (window.request.clusters.some(({ uuid }) => uuid === act.cluster)) return null;
  const named = window.request.clusters.map(({ name }) => name).join(', ');
  return {
    code: 'window.server',
    why: `window ${window.id} is for ${named || 'no cluster'}, not for this one`,
    remedy: 'name a window of this cluster, or request one',
  };
};

const HOW_ON: Record<ChangeWindow['state'], (id: string) => string> = {
  requested: (id) => `get it approved (\`drydock window show ${id}\`); ${BREAK_GLASS}`,
  approved: (id) => `its implementer opens it: \`drydock window open ${id}\``,
  rejected: () => 'request another one',
  withdrawn: () => 'request another one',
  open: () => '',
  expired: () => `request another one; ${BREAK_GLASS}`,
  closed: () => `request another one; ${BREAK_GLASS}`,
  reviewed: () => `request another one; ${BREAK_GLASS}`,
};

/** Opened and not closed, though its end may have passed. */
function isUnclosed({ opened, closed }: ChangeWindow): boolean {
  return opened !== null && closed === null;
}

function over({ window, bench: basis }: JudgedCase): Refusal {
  const end = instant(window.endsAt);
  return {
    code: 'window.over',
    why: `window ${window.id} ended at ${end}, and it is ${instant(basis.now)}`,
    remedy:
      window.plans.length === 0
        ? 'go on in another one, which names its plan: --emergency REASON'
        : `back out, or request another one; ${BREAK_GLASS}`,
  };
}

const stateRule: JudgeRule = (one) => {
  const { window } = one;
  if (window.state === 'open') return null;
  if (isUnclosed(window)) return mayBeLate(one) ? null : over(one);
  return {
    code: window.state === 'expired' ? 'window.over' : 'window.notOpen',
    why: `window ${window.id} is ${window.state}, not open`,
    remedy: HOW_ON[window.state](window.id),
  };
};

const timeRule: JudgeRule = (one) => {
  const { bench: basis, window } = one;
  if (basis.now < window.startsAt) {
    return {
      code: 'window.notYet',
      why: `window ${window.id} starts at ${instant(window.startsAt)}, and it is ${instant(basis.now)}`,
      remedy: `wait until then; ${BREAK_GLASS}`,
    };
  }
  return basis.now > window.endsAt && !mayBeLate(one) ? over(one) : null;
};

const personRule: JudgeRule = ({ act, window }) => {
  const { login, principal } = window.implementer;
  if (loginCovers(login, act.authority.who)) return null;
  return {
    code: 'window.person',
    why: `window ${window.id} is for ${principal} (login ${login}), not for ${act.authority.who}`,
    remedy: `let ${principal} do it, or hand it over: \`drydock handover\``,
  };
};

/** The freeze at this time, or why nobody can tell. */
function frozen({ policy, now }: DecisionBasis): Refusal | null {
  try {
    const found = frozenAt(policy?.freezes ?? [], now);
    if (!found) return null;
    return {
      code: 'window.frozen',
      why: `nothing is changed until ${instant(found.until)}: ${found.name}`,
      remedy: `wait until then; ${BREAK_GLASS}`,
    };
  } catch (error) {
    return { code: 'window.frozen', why: describeError(error), remedy: BREAK_GLASS };
  }
}

/** To leave something half-done for the length of a freeze would be worse than to back out. */
const freezeRule: JudgeRule = (one) => {
  if (one.isEmergency) return null;
  const cold = frozen(one.bench);
  return cold && mayBeLate(one) ? null : cold;
};

/**
 * A run's own commands may change the topology: it is compared before the run's first step, and
 * does not keep anybody from backing out.
 */
const topologyRule: JudgeRule = ({ act, window }) => {
  const isWithinRun =
    act.authority.plan !== null && (act.command !== null || act.backingOut === true);
  const approved = window.request.clusters.find(({ uuid }) => uuid === act.cluster);
  if (act.topology === null || isWithinRun || approved?.topology === act.topology) return null;
  return {
    code: 'window.topology',
    why: `the configuration of ${approved?.name} is not the one that window ${window.id} is for`,
    remedy: 'look at what has changed since, rehearse again, and request a window for that',
  };
};

const RULES: JudgeRule[] = [
  clusterRule,
  stateRule,
  timeRule,
  personRule,
  freezeRule,
  topologyRule,
  serverRule,
  planRule,
];

/** How far a window comes: the refusal of the first rule that objects, and how many did not. */
function weigh(act: Act, basis: DecisionBasis, window: ChangeWindow) {
  const one: JudgedCase = { act, bench: basis, window, isEmergency: isEmergency(window) };
  for (const [passed, rule] of RULES.entries()) {
    const refusal = rule(one);
    if (refusal) return { window, refusal, passed };
  }
  return { window, refusal: null, passed: RULES.length };
}

function allow(window: ChangeWindow): Extract<Judgement, { allowed: true }> {
  const { id, request, opened } = window;
  const ticket = request.ticket === '' ? '' : `, ${request.ticket}`;
  const reason = isEmergency(window) ? `; opened by break-glass: ${opened?.emergency}` : '';
  return {
    allowed: true,
    window: id,
    emergency: isEmergency(window),
    why: `window ${id}${ticket}: ${request.title}${reason}`,
  };
}

type Decision = Extract<Judgement, { allowed: true }> | ({ allowed: false } & Refusal);

function refuse(refusal: Refusal): Decision {
  return { allowed: false, ...refusal };
}

function named(act: Act, basis: DecisionBasis, id: string): Decision {
  const window = basis.windows.find((one) => one.id === id);
  if (!window) {
    return refuse({
      code: 'window.none',
      why: `the cluster holds no window ${id}`,
      remedy: 'push its documents: `drydock window open` does it',
    });
  }
  const { refusal } = weigh(act, basis, window);
  return refusal ? refuse(refusal) : allow(window);
}

/** No window was named: one that covers the act is enough, else the one that comes nearest tells. */
function covering(act: Act, basis: DecisionBasis): Decision {
  const weighed = basis.windows
    .filter(isUnclosed)
    .map((window) => weigh(act, basis, window))
    .sort(
      (a, b) =>
        b.passed - a.passed || Number(isEmergency(a.window)) - Number(isEmergency(b.window)),
    );
  const [best] = weighed;
  if (best?.refusal === null) return allow(best.window);
  if (best && best.passed > 0) return refuse(best.refusal as Refusal);
  const waiting = basis.windows.find(({ state }) => state === 'approved');
  return refuse({
    code: 'window.none',
    why: 'the cluster’s policy demands a change window, and none is open',
    remedy: waiting
      ? HOW_ON.approved(waiting.id)
      : `request one: \`drydock window request\`; ${BREAK_GLASS}`,
  });
}

/** Opened there, and not closed: what is refused meanwhile belongs to it. */
function openNow({ cluster }: Act, { windows }: DecisionBasis): string[] {
  const own = windows.filter(({ request }) =>
    request.clusters.some(({ uuid }) => uuid === cluster),
  );
  return own.filter(isUnclosed).map(({ id }) => id);
}

export function judge(act: Act, basis: DecisionBasis): Judgement {
  const verdict = decide(act, basis);
  return verdict.allowed ? verdict : { ...verdict, during: openNow(act, basis) };
}

function decide(act: Act, basis: DecisionBasis): Decision {
  if (basis.untrusted !== null) {
    return refuse({
      code: 'policy.untrusted',
      why: `the cluster’s policy cannot be believed: ${basis.untrusted}`,
      remedy:
        'push a policy signed by whom the version before it names: `drydock window policy push`',
    });
  }
  const { window } = act.authority;
  if (window !== null) return named(act, basis, window);
  if (basis.policy?.demandsWindow) return covering(act, basis);
  const cold = frozen(basis);
  if (cold) {
    const judgement = covering(act, { ...basis, windows: basis.windows.filter(isEmergency) });
    return judgement.allowed ? judgement : refuse(cold);
  }
  const why = basis.policy ? 'the policy demands no window' : 'the cluster holds no policy';
  return { allowed: true, window: null, emergency: false, why };
}

/**
 * Until when work in a window fits: its end, or the freeze that begins before. A run has to be done
 * by then, or parked. Break-glass goes on through a freeze.
 */
export function workEndsAt(window: ChangeWindow, { policy, now }: DecisionBasis): number {
  if (isEmergency(window)) return window.endsAt;
  const freezes = policy?.freezes ?? [];
  if (frozenAt(freezes, now)) return Math.min(window.endsAt, now);
  return Math.min(window.endsAt, nextFreeze(freezes, now)?.from ?? window.endsAt);
}

/** Everything that a judge looks at, from the documents that a cluster holds. */
export function basisOf(
  documents: readonly SignedDocument[],
  cluster: string,
  now: number,
  receipts: Receipts = NO_RECEIPTS,
): DecisionBasis {
  const { policy, untrusted } = newestPolicy(documents, cluster, receipts);
  return { policy, untrusted, windows: foldWindows(documents, policy, now, receipts), now };
}
