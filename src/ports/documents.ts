/**
 * The fourth face of a cluster: what its servers hold for their gates to judge by. The policy, the
 * documents of change windows, and the glass that somebody broke where those cannot be judged.
 */
import type { SignedDocument } from '../schema/generated/signed-document.ts';
import type { Login } from './authority.ts';

/** Documents as the servers hold them. */
export interface HeldByServers {
  /**
   * Every window document once, and every version of the policy, oldest first (the versions tell who
   * let whom sign). Two texts of one version are both here: the servers do not agree.
   */
  papers: SignedDocument[];
  /** `lacks`: names of documents that others hold and it does not; a policy as `policy VERSION`. */
  servers: Record<string, { policy: number | null; lacks: string[] } | { unknown: string }>;
  /** What the clocks of those that answered show, ms since the epoch. */
  clocks: Record<string, number>;
  /**
   * When the first of them received a document, ms by its clock, by the SHA-256 of the document's text;
   * null: one of them held it before servers noted that.
   */
  receipts: Record<string, number | null>;
}

/** How a server took a document. */
export type PutAnswer = { kept: true } | { refused: string } | { unknown: string };

/** That a server lets through what its gate cannot judge. */
export interface Glass {
  /** ms since the epoch. */
  until: number;
  who: string;
  reason: string;
}

export interface Documents {
  /** What every server that answers holds, and what each of them lacks. */
  held(): Promise<HeldByServers>;
  /** Gives a document to every server. An older version than one it holds is refused by each. */
  put(document: SignedDocument): Promise<Record<string, PutAnswer>>;
  /** Whether somebody broke the glass on a server; null: nobody did, or it is over. */
  glass(server: string): Promise<Glass | null>;
  /** For an hour. Rejects when the server could not be reached, or refuses. */
  breakGlass(server: string, reason: string, login: Login): Promise<void>;
}
