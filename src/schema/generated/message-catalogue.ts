/* Generated from src/schema/message-catalogue.schema.json by `npm run types`. */

/**
 * What a generation of the product writes to its alert log, syslog and mail. One row a message.
 */
export type MessageCatalogue = MessageRow[];

export interface MessageRow {
  /**
   * The name by which code raises it, the same in both generations. A row without one is raised nowhere: unraised.json says why.
   */
  key?: string;
  module: string;
  /**
   * Event id within the module. Lines of the mirror driver have none.
   */
  id?: number;
  level: 'Info' | 'Warning' | 'Error';
  /**
   * Where the product sends it as delivered.
   */
  to: ('alert' | 'syslog' | 'mail' | 'snmp')[];
  /**
   * %1 to %9 are filled in. Where the tables print %s or %d those are numbered here.
   */
  text: string;
}
