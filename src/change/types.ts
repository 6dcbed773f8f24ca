/**
 * Change windows: what is asked of the rules, and what they answer. A window is the set of its
 * signed documents (src/schema/window-document.schema.json); its state is their fold over
 * machines/change-window.machine.ts. Nothing here reads a clock or a file.
 */
import type { Authority } from '../ports/authority.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type {
  ApprovedPlan,
  WindowClosing,
  WindowHandover,
  WindowOpening,
  WindowRequest,
} from '../schema/generated/window-document.ts';

/**
 * `requested`: waits for approvals; `expired`: its end passed while it was open, or before it was
 * opened; `closed`: one opened by break-glass owes a review.
 */
export const WINDOW_STATES = [
  'requested',
  'approved',
  'rejected',
  'withdrawn',
  'open',
  'expired',
  'closed',
  'reviewed',
] as const;

export type WindowState = (typeof WINDOW_STATES)[number];

export interface Approval {
  by: string;
  at: string;
  note: string;
  hash: string;
}

/** A window as its documents tell it. */
export interface ChangeWindow {
  id: string;
  state: WindowState;
  /** Of the request's canonical text; what approvals name. */
  hash: string;
  requester: string;
  requestedAt: string;
  request: WindowRequest;
  approvals: Approval[];
  /** Approved plans: those of the request and of approved amendments. */
  plans: ApprovedPlan[];
  /** Amendments that wait for approvals. */
  pending: { hash: string; plan: ApprovedPlan; run: string | null; approvals: Approval[] }[];
  opened: (WindowOpening & { by: string; at: string; hash: string }) | null;
  /** Between these instants (ms) work may be done; break-glass begins and ends by its own rule. */
  startsAt: number;
  endsAt: number;
  /** Who acts now: the request's implementer, or whom it was handed to. */
  implementer: { principal: string; login: string };
  handovers: (WindowHandover & { by: string; at: string })[];
  closed: (WindowClosing & { by: string; at: string; hash: string }) | null;
  review: { by: string; at: string; notes: string } | null;
  owesReview: boolean;
  /** Documents that do not count, and why: a bad signature, a person without the role, a wrong hash. */
  refused: { name: string; why: string }[];
}

export type { Authority } from '../ports/authority.ts';

/** A command as it is given: where, and what its prompts are answered; null: not known. */
export interface OrderGiven {
  server: string | null;
  argv: string[];
  answers: { prompt: string; reply: string }[] | null;
}

/** A command that a server ran, as its own record shows. */
export interface DoneBefore extends OrderGiven {
  startedAt: number;
  /** `who` as the server knows it. */
  authority: Authority | null;
  /** The gate did not let it through. */
  refused: boolean;
}

/** Something that would change a cluster. */
export interface Act {
  cluster: string;
  /** SHA-256 of what of the configuration counts as topology; null: not known here. */
  topology: string | null;
  server: string | null;
  authority: Authority;
  /** null: a run as a whole, before its first step. */
  command: { name: string; args: string[]; answers?: OrderGiven['answers'] } | null;
  /** A run as a whole: every command that it may give. */
  orders?: OrderGiven[];
  /** A run as a whole, by its own record: it stands between two safe points, or takes back. */
  backingOut?: boolean;
  /** What the servers’ records hold of the run, and of the one that it undoes. */
  done?: readonly DoneBefore[];
}

export type RefusalCode =
  | 'window.none'
  | 'window.notOpen'
  | 'window.notYet'
  | 'window.over'
  | 'window.person'
  | 'window.server'
  | 'window.runbook'
  | 'window.parameters'
  | 'window.command'
  | 'window.topology'
  | 'window.frozen'
  | 'policy.untrusted';

export type Judgement =
  | { allowed: true; window: string | null; emergency: boolean; why: string }
  /** `during`: windows of the cluster that were open then; it belongs to what happened in them. */
  | { allowed: false; code: RefusalCode; why: string; remedy: string; during: string[] };

/** What a judge looks at: everything the cluster holds, at one instant (ms). */
export interface DecisionBasis {
  policy: Policy | null;
  /** Why the policy that is held cannot be believed; then nothing is allowed but nothing known. */
  untrusted: string | null;
  windows: ChangeWindow[];
  now: number;
}

/** Documents as they are held, by name. */
export type HeldDocuments = readonly SignedDocument[];

/** One window, before the act and everything else that is known. */
export interface JudgedCase {
  act: Act;
  bench: DecisionBasis;
  window: ChangeWindow;
  isEmergency: boolean;
}

export interface Refusal {
  code: RefusalCode;
  why: string;
  remedy: string;
}

/** null: nothing against it. */
export type JudgeRule = (one: JudgedCase) => Refusal | null;
