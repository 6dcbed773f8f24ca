/* Generated from src/schema/reports/explanation.schema.json by `npm run types`. */

/**
 * Messages that were asked about: what is said, what it means, and what to do.
 */
export interface ExplanationReport {
  schema: 'drydock.explanation/1';
  query: string;
  messages: ExplainedMessage[];
  /**
   * How many more fit.
   */
  leftOut: number;
}
/**
 * This interface was referenced by `ExplanationReport`'s JSON-Schema
 * via the `definition` "explainedMessage".
 */
export interface ExplainedMessage {
  /**
   * event: a message of the product; failure: what a resource or monitor says of its failure; driver: a line of the mirror driver; drydock: a message of Drydock's own.
   */
  source: 'event' | 'failure' | 'driver' | 'drydock';
  /**
   * Of a failure its type; null: of any type.
   */
  module: string | null;
  /**
   * Of a failure its code; null: it has none.
   */
  id: number | null;
  /**
   * The words of each generation; one, where both say the same.
   */
  sayings: MessageSaying[];
  /**
   * null: not explained.
   */
  means: string | null;
  /**
   * null: nothing needs to be done.
   */
  remedy: string | null;
}
export interface MessageSaying {
  generations: ('v3' | 'x5')[];
  level: 'Info' | 'Warning' | 'Error' | null;
  /**
   * Where it goes, as delivered; empty: it stands within another message.
   */
  to: ('alert' | 'syslog' | 'mail' | 'snmp')[];
  /**
   * %1 to %9 are filled in.
   */
  text: string;
  /**
   * Why this is never raised here; null: it is raised.
   */
  unraised: null | WhyUnraised;
}
export interface WhyUnraised {
  /**
   * notYet: it can happen here, and is missing; see src/schema/unraised-messages.schema.json.
   */
  kind: 'noPart' | 'noSituation' | 'noDestination' | 'saidOtherwise' | 'notYet';
  reason: string;
}
