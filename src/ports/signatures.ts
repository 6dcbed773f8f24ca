/**
 * Signatures as OpenSSH makes them (ssh-keygen -Y sign; PROTOCOL.sshsig). Signing needs a person's
 * key: a file, an agent, a hardware key. Verifying needs the allowed signers only.
 */

export type Namespace = 'drydock.policy' | 'drydock.window' | 'drydock.checkpoint';

export interface Signer {
  /**
   * The armored signature. `key`: a private key file, or a public key file whose private half an
   * agent holds. Rejects with a DrydockError that says what ssh-keygen said.
   */
  sign(text: string, namespace: Namespace, key: string): Promise<string>;
}

/** Who may sign: an OpenSSH allowed-signers file, and keys that count no more. */
export interface Trust {
  signers: readonly string[];
  revoked: readonly string[];
}

export type SignatureCheck = { ok: true; fingerprint: string } | { ok: false; why: string };
