/* Generated from src/schema/reports/remainder.schema.json by `npm run types`. */

/**
 * One verb each; texts and arguments are final but for secrets, which stand in them as masks at the places named; conditions are CEL over bound names.
 *
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
 * This interface was referenced by `RemainderReport`'s JSON-Schema
 * via the `definition` "severity".
 */
export type Severity = 'error' | 'warning' | 'look' | 'info';
/**
 * What only a person with hands can do, or a management controller in their place.
 *
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
 * Any JSON value.
 *
 * This interface was referenced by `RemainderReport`'s JSON-Schema
 * via the `definition` "json".
 */
export type Json = null | boolean | number | string | unknown[] | {};

/**
 * What is left of a run, for finishing it by hand.
 */
export interface RemainderReport {
  schema: 'drydock.paper/1';
  run: string;
  remaining: PlannedStep[];
  /**
   * For people: to be printed.
   */
  text: string;
}
/**
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
 * This interface was referenced by `RemainderReport`'s JSON-Schema
 * via the `definition` "acceptedExit".
 */
export interface AcceptedExit {
  exit: number;
  remark: string;
}
/**
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
 * This interface was referenced by `RemainderReport`'s JSON-Schema
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
