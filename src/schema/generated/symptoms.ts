/* Generated from src/schema/symptoms.schema.json by `npm run types`. */

/**
 * What can be wrong with a cluster, the most dangerous first, and the runbooks that are for it. Expressions are CEL over a status, as in runbooks; {x} in a text is an expression.
 */
export interface Symptoms {
  /**
   * in order of danger
   */
  symptoms: Symptom[];
}
/**
 * This interface was referenced by `Symptoms`'s JSON-Schema
 * via the `definition` "symptom".
 */
export interface Symptom {
  /**
   * its name
   */
  id: string;
  /**
   * which case it is, whether or not it shows: "a mirror whose …"
   */
  about: string;
  /**
   * what is at stake: data may be lost; a service is down; the next failure takes one down; a failure would not be noticed; something was left behind, or is on its way
   */
  danger: 'data' | 'service' | 'redundancy' | 'watch' | 'leftover';
  /**
   * asked of each of these, by its name as `it`; left out: of the cluster
   */
  each?: 'servers' | 'groups' | 'resources' | 'monitors' | 'mirrors';
  /**
   * CEL that holds where it is wrong; what is not known does not hold
   */
  shows: string;
  /**
   * what is wrong, for people; may hold {…}
   */
  says: string;
  /**
   * runbooks that are for it, the first choice first; empty: no procedure is documented
   */
  remedies: Remedy[];
}
/**
 * This interface was referenced by `Symptoms`'s JSON-Schema
 * via the `definition` "remedy".
 */
export interface Remedy {
  /**
   * its id
   */
  runbook: string;
  /**
   * CEL that holds besides where it is the answer
   */
  when?: string;
  /**
   * its parameters; may hold {…}
   */
  with?: {
    [k: string]: string;
  };
  /**
   * what a person has to know, for the cluster does not tell it: it is the answer where this is so
   */
  if?: string;
}
