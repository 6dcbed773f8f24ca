/* Generated from src/schema/window-document.schema.json by `npm run types`. */

/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "hash".
 */
export type Hash = string;

/**
 * One signed word on a change window (namespace drydock.window). A window is the set of its documents; a document names what it answers by the SHA-256 of that document's canonical JSON (RFC 8785).
 */
export interface WindowDocument {
  schema: 'drydock.window-paper/1';
  window: string;
  kind:
    | 'request'
    | 'approval'
    | 'rejection'
    | 'withdrawal'
    | 'opening'
    | 'amendment'
    | 'handover'
    | 'closing'
    | 'review';
  /**
   * principal whose signature it bears
   */
  by: string;
  at: string;
  body: {};
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
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
 * This interface was referenced by `WindowDocument`'s JSON-Schema
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
 * This interface was referenced by `WindowDocument`'s JSON-Schema
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
 * This interface was referenced by `WindowDocument`'s JSON-Schema
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
   * steps that the site put into the runbook or into what it calls; their hashes count in the hashes of those
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
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
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
 * approval, rejection, withdrawal: of a request or of an amendment
 *
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "answer".
 */
export interface WindowAnswer {
  of: Hash;
  note?: string;
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "opening".
 */
export interface WindowOpening {
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
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "amendment".
 */
export interface WindowAmendment {
  of: Hash;
  run: string | null;
  plan: ApprovedPlan;
  reason: string;
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "handover".
 */
export interface WindowHandover {
  of: Hash;
  to: Person;
  reason: string;
  /**
   * what is exposed
   */
  summary: string[];
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "closing".
 */
export interface WindowClosing {
  of: Hash;
  outcome: 'successful' | 'with-issues' | 'backed-out' | 'failed' | 'not-done';
  notes: string;
  runs: string[];
  /**
   * debts left on the cluster that somebody accepted by name
   */
  accepted: string[];
}
/**
 * This interface was referenced by `WindowDocument`'s JSON-Schema
 * via the `definition` "review".
 */
export interface WindowReview {
  of: Hash;
  notes: string;
}
