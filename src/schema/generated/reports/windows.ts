/* Generated from src/schema/reports/windows.schema.json by `npm run types`. */

/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "windowState".
 */
export type WindowState =
  'requested' | 'approved' | 'rejected' | 'withdrawn' | 'open' | 'expired' | 'closed' | 'reviewed';
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "hash".
 */
export type Hash = string;

/**
 * The change windows that the documents tell of.
 */
export interface WindowsReport {
  schema: 'drydock.windows/1';
  windows: ChangeWindow[];
  /**
   * Files in the folder that are no documents.
   */
  odd: {
    file: string;
    why: string;
  }[];
}
/**
 * A window as its documents tell it.
 *
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "changeWindow".
 */
export interface ChangeWindow {
  id: string;
  state: WindowState;
  /**
   * Of the request's canonical text; what approvals name.
   */
  hash: string;
  requester: string;
  requestedAt: string;
  request: WindowRequest;
  approvals: Approval[];
  /**
   * Approved plans: those of the request and of approved amendments.
   */
  plans: ApprovedPlan[];
  /**
   * Amendments that wait for approvals.
   */
  pending: {
    hash: string;
    plan: ApprovedPlan;
    run: string | null;
    approvals: Approval[];
  }[];
  opened: {
    by: string;
    at: string;
    hash: string;
    of: Hash;
    approvals: Hash[];
    /**
     * what the rehearsal at opening shows otherwise than the approved one
     */
    differences: string[];
    /**
     * the reason, when opened by break-glass
     */
    emergency: string | null;
  } | null;
  /**
   * Between these instants (ms) work may be done; break-glass begins and ends by its own rule.
   */
  startsAt: number;
  endsAt: number;
  /**
   * Who acts now: the request's implementer, or whom it was handed to.
   */
  implementer: {
    principal: string;
    login: string;
  };
  handovers: {
    by: string;
    at: string;
    of: Hash;
    to: Person;
    reason: string;
    /**
     * what is exposed
     */
    summary: string[];
  }[];
  closed: {
    by: string;
    at: string;
    hash: string;
    of: Hash;
    outcome: 'successful' | 'with-issues' | 'backed-out' | 'failed' | 'not-done';
    notes: string;
    runs: string[];
    /**
     * debts left on the cluster that somebody accepted by name
     */
    accepted: string[];
  } | null;
  review: {
    by: string;
    at: string;
    notes: string;
  } | null;
  owesReview: boolean;
  /**
   * Documents that do not count, and why: a bad signature, a person without the role, a wrong hash.
   */
  refused: {
    name: string;
    why: string;
  }[];
}
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "request".
 */
export interface WindowRequest {
  title: string;
  /**
   * number in the ticket system; may be empty
   */
  ticket: string;
  reason: string;
  risk: string;
  impact: string;
  type: 'normal' | 'standard' | 'emergency';
  plans: ApprovedPlan[];
  backout: string;
  /**
   * kept free at the window's end for backing out
   */
  reserveMs: number;
  clusters: {
    name: string;
    uuid: string;
    topology: Hash;
    versions: {
      [k: string]: string;
    };
  }[];
  servers: string[];
  start: string;
  end: string;
  implementer: Person;
  /**
   * how many the policy demanded when it was written
   */
  approvals: number;
}
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "subject".
 */
export interface ApprovedPlan {
  runbook: {
    id: string;
    title: string;
    hash: string;
  };
  called: {
    id: string;
    hash: string;
  }[];
  /**
   * with secrets by name only
   */
  parameters: {};
  /**
   * uuid
   */
  cluster: string;
  /**
   * servers that its steps and undos run on
   */
  servers: string[];
  /**
   * every command of its steps and undos: the only ones that may be typed by hand
   */
  commands: string[][];
  /**
   * what its steps and their undos do, in order: nothing else may a run of it; an older program wrote none, and its commands count on every server of the plan
   */
  acts?: ApprovedAct[];
  rehearsal: {
    outcome: string;
    steps: number;
    durationMs: number;
    /**
     * as printed
     */
    transcript: string;
    unknowns: string[];
    /**
     * acts and answers of people, which are not timed; left out: not counted
     */
    people?: number;
  };
  /**
   * the run that it undoes
   */
  undoes?: string;
  /**
   * hash of the amended plan: an amendment of a run means these very steps
   */
  amends?: string;
  /**
   * STEP: what is dangerous about it
   */
  dangers?: string[];
  /**
   * STEP: what changes and has no undo
   */
  cannotUndo?: string[];
  /**
   * steps that the site put into the runbook or into what it calls; left out: none
   */
  overlays?: {
    id: string;
    /**
     * the runbook that they were put into
     */
    of: string;
    title: string;
    hash: string;
  }[];
}
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "act".
 */
export interface ApprovedAct {
  step: string;
  /**
   * run, watch, operator …
   */
  verb: string;
  /**
   * null: no command, a person does it
   */
  order: ApprovedOrder | null;
  /**
   * the declared undo
   */
  undo: ApprovedOrder | null;
  /**
   * a run may be parked after it
   */
  safe: boolean;
}
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "order".
 */
export interface ApprovedOrder {
  server: string;
  /**
   * secrets by name: {secret:NAME} stands for any text there
   */
  argv: string[];
  /**
   * to its prompts, secrets by name
   */
  answers: {
    prompt: string;
    reply: string;
  }[];
}
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "person".
 */
export interface Person {
  principal: string;
  /**
   * name they act by on control host and servers
   */
  login: string;
}
/**
 * This interface was referenced by `WindowsReport`'s JSON-Schema
 * via the `definition` "approval".
 */
export interface Approval {
  by: string;
  at: string;
  note: string;
  hash: string;
}
