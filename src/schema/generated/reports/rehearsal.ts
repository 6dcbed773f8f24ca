/* Generated from src/schema/reports/rehearsal.schema.json by `npm run types`. */

/**
 * Any JSON value.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "json".
 */
export type Json = null | boolean | number | string | unknown[] | {};
/**
 * One verb each; texts and arguments are final but for secrets, which stand in them as masks at the places named; conditions are CEL over bound names.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "verb".
 */
export type Verb =
  | {
      verb: 'run';
      argv: string[];
      answers: Answer[];
      goesDown: boolean;
      accept?: AcceptedExit[];
      secrets?: SecretPlace[];
      findings?: Outcome[];
    }
  | {
      verb: 'watch';
      argv: string[];
      until: string;
      everyMs: number;
      secrets?: SecretPlace[];
    }
  | {
      verb: 'check';
      that: string;
    }
  | {
      verb: 'find';
      if: string | null;
      severity: Severity;
      says: string;
      shows: string | null;
      remedy: string | null;
      runbook: string | null;
    }
  | {
      verb: 'wait';
      until: string | null;
      forMs: number | null;
    }
  | {
      verb: 'operator';
      act: PhysicalAct;
      words: string;
    }
  | {
      verb: 'confirm';
      question: string;
      typeName: string | null;
      shows: string | null;
    }
  | {
      verb: 'choose';
      question: string;
      options: string[];
    }
  | {
      verb: 'refuse';
      because: string;
    };
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "severity".
 */
export type Severity = 'error' | 'warning' | 'look' | 'info';
/**
 * What only a person with hands can do, or a management controller in their place.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "physicalAct".
 */
export type PhysicalAct =
  | {
      act: 'replaceDisk';
      server: string;
      device: string;
    }
  | {
      act: 'powerOn';
      server: string;
    }
  | {
      act: 'cutPower';
      server: string;
    }
  | {
      act: 'insertMedium';
      server: string;
      medium: string;
    }
  | {
      act: 'removeMedium';
      server: string;
    }
  | {
      act: 'startSingleUser';
      server: string;
    }
  | {
      act: 'takeDiskImage';
      server: string;
      image: string;
      system: boolean;
    }
  | {
      act: 'restoreDiskImage';
      server: string;
      image: string;
    }
  | {
      act: 'pullCable';
      server: string;
      net: string;
    }
  | {
      act: 'plugCable';
      server: string;
      net: string;
    }
  | {
      act: 'changeAddress';
      server: string;
      interface: string;
      address: string;
    }
  | {
      act: 'replaceServer';
      server: string;
      keepsDisks: boolean;
    }
  | {
      act: 'installProduct';
      server: string;
    }
  | {
      act: 'copyMedium';
      server: string;
      medium: string;
      folder: string;
    }
  | {
      act: 'editMedium';
      server: string;
      medium: string;
      change: string;
    }
  | {
      act: 'addDisk';
      server: string;
      device: string;
    };

/**
 * A plan on a twin of the cluster.
 */
export interface RehearsalReport {
  schema: 'drydock.rehearsal/1';
  outcome:
    'done' | 'failed' | 'parked' | 'stopped' | 'refused' | 'aborted' | 'rolledBack' | 'stuck';
  exit: number;
  words: string;
  plan: Plan;
  steps: RehearsedStep[];
  durationMs: number;
  /**
   * what it would take on the cluster
   */
  estimate: {
    /**
     * half of the runs take no longer
     */
    ms: number;
    /**
     * 95 of 100 runs take no longer
     */
    atMostMs: number;
    /**
     * acts and answers of people, which are not timed
     */
    people: number;
    /**
     * all of it comes from recorded runs
     */
    isRecorded: boolean;
  };
  finalFacts: Facts;
  /**
   * What the twin could not know of the cluster.
   */
  unknowns: string[];
  /**
   * `STEP: title` of what changes something and has no undo.
   */
  cannotUndo: string[];
  transcript: string;
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "plan".
 */
export interface Plan {
  schema: 'drydock.plan/1';
  runbook: {
    id: string;
    title: string;
    manual?: 'v3' | 'x5';
    section?: string;
    hash: string;
    /**
     * of a house runbook, instead of manual and section: where the site documents it
     */
    site?: string;
  };
  called: {
    id: string;
    hash: string;
  }[];
  cluster: {
    name: string;
    uuid: string;
  };
  parameters: {
    [k: string]: Json;
  };
  /**
   * Names whose values are in no plan: parameters, and replies as `STEP#1`.
   */
  secrets?: string[];
  /**
   * Left out: a plan of before, in whose texts marks stand for values (src/runbook/run/redact.ts).
   */
  secretsAre?: 'references';
  /**
   * Roles as bound, with their expressions, checked again before every step. `names`: what was bound when this one was, which its expression sees; a called runbook's role is `call/role`.
   */
  roles: {
    [k: string]: {
      expression: string;
      value: Json;
      names?: {
        [k: string]: Json;
      };
    };
  };
  requires: PlannedRequirement[];
  steps: PlannedStep[];
  /**
   * Steps left out when planned, and why.
   */
  leftOut: {
    id: string;
    source: string[];
    why: string;
  }[];
  /**
   * The run that this plan undoes: its steps are that run's declared undos, in reverse.
   */
  undoes?: string;
  undoing?: Undoing;
  adopts?: Adoption;
  /**
   * The plan that this one replaced when the run was amended, by its hash.
   */
  amends?: string;
  /**
   * What the rehearsal on the twin predicts after each step; null until rehearsed.
   */
  predicted: {
    [k: string]: PredictedStep;
  } | null;
  /**
   * SHA-256 over the canonical JSON of everything but `predicted` and `hash`.
   */
  hash: string;
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
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "plannedRequirement".
 */
export interface PlannedRequirement {
  that: string;
  or: string;
  /**
   * what its expression may ask for, where the step is not of the runbook that requires it
   */
  names?: {
    [k: string]: Json;
  };
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "plannedStep".
 */
export interface PlannedStep {
  /**
   * Unique in the plan: `force`, `restart@server2`, `recover/watch` for a called runbook's.
   */
  id: string;
  title: string;
  source: string[];
  added: string | null;
  /**
   * The server it runs on; null for checks, waits and questions.
   */
  server: string | null;
  action: Verb;
  /**
   * Decided when run, because it depends on chosen('step').
   */
  when: string | null;
  requires: PlannedRequirement[];
  /**
   * Bound names for this step's expressions: parameters and roles.
   */
  names: {
    [k: string]: Json;
  };
  remember: {
    [k: string]: string;
  };
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
  timeoutMs: number;
  safe: boolean;
  /**
   * of a program of the site: what it does there, or `looks`
   */
  effect?: string;
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "answer".
 */
export interface Answer {
  /**
   * Text that the prompt contains.
   */
  prompt: string;
  reply: string;
  secret?: boolean;
}
/**
 * An exit code besides 0 that is a success, and what the person is told then.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "acceptedExit".
 */
export interface AcceptedExit {
  exit: number;
  remark: string;
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "secretPlace".
 */
export interface SecretPlace {
  in: 'argv' | 'answers';
  /**
   * Which argument, or which answer's reply.
   */
  index: number;
  /**
   * Where in that text the mask begins, in UTF-16 units.
   */
  offset: number;
  name: string;
}
/**
 * What the end of a command tells, where it is so.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "outcome".
 */
export interface Outcome {
  exit?: number;
  prints?: string;
  lacks?: string;
  severity: Severity;
  says: string;
  remedy: string | null;
  runbook: string | null;
}
/**
 * What an undo knows of the run that it undoes.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "undoing".
 */
export interface Undoing {
  /**
   * Steps of that run that are taken back, the last one first.
   */
  steps: string[];
  /**
   * Steps of that run that stay done.
   */
  stays: string[];
  /**
   * The step without undo at which the undo ends; null when it goes as far as it was asked to.
   */
  barrier: string | null;
  before: JsonObject;
  choices: {
    [k: string]: string;
  };
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "jsonObject".
 */
export interface JsonObject {
  [k: string]: Json;
}
/**
 * A procedure that a person began by hand, and from which step it goes on as a run.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "adoption".
 */
export interface Adoption {
  at: string;
  /**
   * Earlier steps (`start`: what the runbook requires at its start) by a person's word.
   */
  confirmed: string[];
  /**
   * What was chosen and typed in earlier steps.
   */
  choices: {
    [k: string]: string;
  };
  answers: {
    [k: string]: string;
  };
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "predictedStep".
 */
export interface PredictedStep {
  facts: Facts;
  durationMs: number;
  /**
   * Values the cluster comes to by itself while the following steps only look on, by fact.
   */
  later?: {
    [k: string]: Json[];
  };
  /**
   * on top of durationMs, what its kind takes on a machine
   */
  typicalMs?: number;
  /**
   * ms that it took in recorded runs of that cluster, where these are enough
   */
  took?: number[];
}
/**
 * The fields of a status that are compared after every step (src/runbook/run/facts.ts).
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "facts".
 */
export interface Facts {
  [k: string]: Json;
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "rehearsedStep".
 */
export interface RehearsedStep {
  id: string;
  title: string;
  source: string[];
  server: string | null;
  outcome: string;
  why: string | null;
  durationMs: number;
  changes: Change[];
  findings?: Found[];
}
/**
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "change".
 */
export interface Change {
  key: string;
  from: Json | null;
  to: Json | null;
}
/**
 * What a diagnosis found.
 *
 * This interface was referenced by `RehearsalReport`'s JSON-Schema
 * via the `definition` "found".
 */
export interface Found {
  step: string;
  /**
   * Where the step looked; null: at the whole cluster.
   */
  server: string | null;
  /**
   * error: this is the trouble; warning: it may become one; unknown: it could not be seen; look: a person has to compare; info: worth knowing.
   */
  severity: 'error' | 'warning' | 'unknown' | 'look' | 'info';
  says: string;
  /**
   * Where, or what a command printed of it.
   */
  shows: string | null;
  /**
   * What is to be done.
   */
  remedy: string | null;
  /**
   * The one that does it.
   */
  runbook: string | null;
}
