/* Generated from src/schema/signed-document.schema.json by `npm run types`. */

/**
 * A signed document as it lies in a file or is held by a server: `text` is the canonical JSON (RFC 8785) that the signature is over.
 */
export interface SignedDocument {
  schema: 'drydock.paper/1';
  /**
   * policy, or window/ID/HASH-OF-TEXT
   */
  name: string;
  /**
   * a holder never replaces a document by an older one of the same name
   */
  version: number;
  text: string;
  /**
   * principal
   */
  by: string;
  /**
   * armored SSH signature (PROTOCOL.sshsig)
   */
  signature: string;
}
