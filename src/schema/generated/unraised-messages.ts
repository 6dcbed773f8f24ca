/* Generated from src/schema/unraised-messages.schema.json by `npm run types`. */

/**
 * `MODULE ID`, or `MODULE FIRST-LAST`.
 */
export type Ids = string[];
/**
 * Regular expressions over `TEXT` of the driver, `TYPE CODE TEXT` of failures, of rows without a key. Of several that fit the first one counts.
 */
export type Patterns = string[];
/**
 * Why messages of the catalogues are never raised here. Each row without a key stands under one reason.
 */
export type UnraisedMessages = UnraisedReason[];

export interface UnraisedReason {
  /**
   * noPart: what would say it is not built in; noSituation: it cannot happen here, or no document tells when it does; noDestination: as delivered it goes nowhere; saidOtherwise: another message says it here; notYet: it can happen here, and is missing.
   */
  kind: 'noPart' | 'noSituation' | 'noDestination' | 'saidOtherwise' | 'notYet';
  /**
   * In a few words; of notYet what is missing.
   */
  reason: string;
  v3?: Ids;
  x5?: Ids;
  driver?: Patterns;
  failures?: Patterns;
}
