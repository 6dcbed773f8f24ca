/* Generated from src/schema/reports/advice.schema.json by `npm run types`. */

/**
 * Places in `wrong`, from 0; empty: for the wish.
 *
 * This interface was referenced by `AdviceReport`'s JSON-Schema
 * via the `definition` "places".
 */
export type Places = number[];
/**
 * Any JSON value.
 *
 * This interface was referenced by `AdviceReport`'s JSON-Schema
 * via the `definition` "json".
 */
export type Json = null | boolean | number | string | unknown[] | {};

/**
 * What is wrong with a cluster, and which procedures are for it.
 */
export interface AdviceReport {
  schema: 'drydock.advice/1';
  cluster: string;
  manual: 'v3' | 'x5';
  edition: 'SE' | 'XE' | 'LE' | 'X';
  /**
   * What the person wants, in words; null: nothing was said.
   */
  wish: string | null;
  /**
   * The most dangerous first.
   */
  wrong: {
    /**
     * Its id in runbooks/symptoms.yaml.
     */
    symptom: string;
    danger: 'data' | 'service' | 'redundancy' | 'watch' | 'leftover';
    /**
     * The server, group, mirror or monitor; null: the cluster.
     */
    about: string | null;
    words: string;
  }[];
  /**
   * What could be wrong unseen, because it is not known.
   */
  unknown: string[];
  /**
   * That fit: the right one first. Their requirements hold; the first ones were rehearsed, and ended soundly.
   */
  procedures: Procedure[];
  /**
   * That look right, and are not.
   */
  unfit: {
    runbook: string;
    title: string;
    for: Places;
    why: string;
  }[];
}
/**
 * This interface was referenced by `AdviceReport`'s JSON-Schema
 * via the `definition` "procedure".
 */
export interface Procedure {
  runbook: string;
  title: string;
  kind: 'procedure' | 'diagnosis' | 'refusal' | 'automatic' | 'setting' | 'part';
  for: Places;
  /**
   * To the wish, 0 to 1; null: it does not name it.
   */
  nearness: number | null;
  /**
   * What the situation says of them; the others have defaults, or are wanted.
   */
  parameters: {
    [k: string]: Json;
  };
  /**
   * Parameters that a person has to give.
   */
  wants: {
    name: string;
    description: string;
    /**
     * Which values fit; empty: a text of the person's own.
     */
    oneOf: string[];
  }[];
  /**
   * It is the answer where this is so, which the cluster does not tell; null: it is.
   */
  condition: string | null;
  /**
   * Servers that do not answer, which the run has to give up by name.
   */
  giveUp: string[];
  /**
   * That runs it, as typed.
   */
  command: string;
  /**
   * By its rehearsal; null: it was not rehearsed, because something is wanted, or others go before it.
   */
  cost: null | Cost;
  /**
   * Likewise.
   */
  leaves: null | Leaves;
}
/**
 * This interface was referenced by `AdviceReport`'s JSON-Schema
 * via the `definition` "cost".
 */
export interface Cost {
  /**
   * Of the steps, without the time that people take.
   */
  durationMs: number;
  /**
   * Physical acts of people.
   */
  acts: number;
  /**
   * Confirmations and decisions.
   */
  questions: number;
  /**
   * Groups that are down meanwhile, as seen by the runner.
   */
  outages: {
    group: string;
    ms: number;
    /**
     * At its end, too.
     */
    isDown: boolean;
  }[];
}
/**
 * This interface was referenced by `AdviceReport`'s JSON-Schema
 * via the `definition` "leaves".
 */
export interface Leaves {
  /**
   * What has to be cleared some day, and was not there before.
   */
  debts: string[];
  redundancy: {
    what: string;
    have: number;
    of: number;
  }[];
  /**
   * `STEP: title` of what changes something and has no undo.
   */
  cannotUndo: string[];
}
