/** A plan: a runbook with every choice made but those a person must make. Pinned by its hash. */
import type { Answer } from '../ports/commands.ts';
import type { PhysicalAct } from '../schema/generated/physical-act.ts';
import type { Json, JsonObject } from './json.ts';
import type { SecretPlace } from './secrets.ts';

export interface PlannedRequirement {
  that: string;
  or: string;
  /** Of the runbook that requires it, where its first step is that of another one it calls. */
  names?: Record<string, Json>;
}

/** Steps that the site put into a runbook, and the content that they came from. */
export interface PlannedOverlay {
  id: string;
  /** The runbook that they were put into: the plan's, or one that it calls. */
  of: string;
  title: string;
  hash: string;
}

/** Where a runbook is documented: in a manual, or by the site. */
export type Documented = { manual: 'v3' | 'x5'; section: string } | { site: string };

/** An exit code besides 0 that is a success, and what the person is told then. */
export interface AcceptedExit {
  exit: number;
  remark: string;
}

/** error: this is the trouble; look: a person has to compare something (runbook.schema.json). */
export type Severity = 'error' | 'warning' | 'look' | 'info';

/** What a step reports that looks for something, texts filled. */
export interface Diagnosed {
  severity: Severity;
  says: string;
  remedy: string | null;
  /** The runbook that carries the remedy out. */
  runbook: string | null;
}

/** What a command's end tells, where all that is given of it is so. */
export interface OutcomeFound extends Diagnosed {
  exit?: number;
  prints?: string;
  lacks?: string;
}

/** What a diagnosis found; unknown: it could not be seen. */
export interface Finding extends Omit<Diagnosed, 'severity'> {
  step: string;
  server: string | null;
  severity: Severity | 'unknown';
  /** Where, or what a command printed of it. */
  shows: string | null;
}

/**
 * One verb each; texts and arguments are final but for secrets, which stand in them as masks at
 * the places named; conditions are CEL over bound names.
 */
export type Verb =
  | {
      verb: 'run';
      argv: string[];
      answers: Answer[];
      goesDown: boolean;
      accept?: AcceptedExit[];
      findings?: OutcomeFound[];
      secrets?: SecretPlace[];
    }
  | { verb: 'watch'; argv: string[]; until: string; everyMs: number; secrets?: SecretPlace[] }
  | { verb: 'check'; that: string }
  | ({ verb: 'find'; if: string | null; shows: string | null } & Diagnosed)
  | { verb: 'wait'; until: string | null; forMs: number | null }
  | { verb: 'operator'; act: PhysicalAct; words: string }
  | { verb: 'confirm'; question: string; typeName: string | null; shows: string | null }
  | { verb: 'choose'; question: string; options: string[] }
  | { verb: 'refuse'; because: string };

export interface PlannedStep {
  /** Unique in the plan: `force`, `restart@server2`, `recover/watch` for a called runbook's. */
  id: string;
  title: string;
  source: string[];
  added: string | null;
  /** The server it runs on; null for checks, waits and questions. */
  server: string | null;
  action: Verb;
  /** Decided when run, because it depends on chosen('step'). */
  when: string | null;
  requires: PlannedRequirement[];
  /** Bound names for this step's expressions: parameters and roles. */
  names: Record<string, Json>;
  remember: Record<string, string>;
  probe: string | null;
  expect: string | null;
  expectOutput: string | null;
  undo: null | {
    argv: string[];
    server: string;
    answers: Answer[];
    expect: string | null;
    secrets?: SecretPlace[];
  };
  danger: string | null;
  /** Of a program of the site: what it does there, or `looks`. */
  effect?: string;
  timeoutMs: number;
  safe: boolean;
}

/** The fields of a status that are compared after every step (src/runbook/run/facts.ts). */
export type Facts = Record<string, Json>;

export interface PredictedStep {
  facts: Facts;
  /** On the twin. */
  durationMs: number;
  /** On top of that, what its kind takes on a machine; left out: nothing. */
  typicalMs?: number;
  /** What it took in recorded runs of that cluster, where these are enough. */
  took?: number[];
  /** Values the cluster comes to by itself while the following steps only look on, by fact. */
  later?: Record<string, Json[]>;
}

/** What an undo knows of the run that it undoes. */
export interface Undoing {
  /** Steps of that run that are taken back, the last one first. */
  steps: string[];
  /** Steps of that run that stay done. */
  stays: string[];
  /** The step without undo at which the undo ends; null when it goes as far as it was asked to. */
  barrier: string | null;
  /** What that run remembered and chose: conditions of its steps ask for it. */
  before: JsonObject;
  choices: Record<string, string>;
}

/** A procedure that a person began by hand, and from which step it goes on as a run. */
export interface Adoption {
  at: string;
  /** Earlier steps (`start`: what the runbook requires at its start) by a person's word. */
  confirmed: string[];
  /** What was chosen and typed in earlier steps. */
  choices: Record<string, string>;
  answers: Record<string, string>;
}

export interface Plan {
  schema: 'drydock.plan/1';
  runbook: { id: string; title: string; hash: string } & Documented;
  called: { id: string; hash: string }[];
  /** Left out: the site put nothing into it. The hashes of runbooks cover theirs. */
  overlays?: PlannedOverlay[];
  cluster: { name: string; uuid: string };
  parameters: Record<string, Json>;
  /** Names whose values are in no plan: parameters, and replies as `STEP#1`. */
  secrets?: string[];
  /** Left out: a plan of before, in whose texts marks stand for values (src/runbook/run/redact.ts). */
  secretsAre?: 'references';
  /**
   * Roles as bound, with their expressions, checked again before every step. `names`: what was
   * bound when this one was, which its expression sees; a called runbook's role is `call/role`.
   */
  roles: Record<string, { expression: string; value: Json; names?: Record<string, Json> }>;
  requires: PlannedRequirement[];
  steps: PlannedStep[];
  /** Steps left out when planned, and why. */
  leftOut: { id: string; source: string[]; why: string }[];
  /** The run that this plan undoes: its steps are that run's declared undos, in reverse. */
  undoes?: string;
  undoing?: Undoing;
  adopts?: Adoption;
  /** The plan that this one replaced when the run was amended, by its hash. */
  amends?: string;
  /** What the rehearsal on the twin predicts after each step; null until rehearsed. */
  predicted: Record<string, PredictedStep> | null;
  /** SHA-256 over the canonical JSON of everything but `predicted` and `hash`. */
  hash: string;
}
