/** The third face of a cluster: the lease that keeps two runs apart. */
import { DrydockError } from '../core/errors.ts';

export interface LeaseHeld {
  holder: string;
  token: number;
}

export interface LeaseView {
  holder: string | null;
  token: number;
  /** Who and where, for people. */
  about: string;
  since: number;
  /** Servers that a person gave up by name when it was taken. */
  without?: string[];
  /** No token up to this one is news: it was taken here by a run that was given up. */
  floor?: number;
  /** False: this server was off, and does not know yet who holds the cluster. */
  told?: boolean;
}

/** How a lease may be taken beside what a majority of the servers gives. */
export interface LeaseWish {
  /** What a person gives up by name: servers that are not there, and runs that hold the lease. */
  giveUp?: readonly string[];
  /** Runs whose lease this one goes on from. */
  over?: readonly string[];
  /** The lease that this run, or one of those, was given and has not given back. */
  before?: LeaseHeld | null;
}

/** Too few servers are there to give the lease. */
export class LeaseShort extends DrydockError {
  /** Servers that are off, or of which nothing is heard at all: a person may give them up. */
  readonly missing: readonly string[];

  constructor(message: string, missing: readonly string[], remedy: string) {
    super(message, { code: 'lease.noMajority', exit: 5, remedy });
    this.missing = missing;
  }
}

export interface Lease {
  /**
   * Takes the lease on every server that answers: a majority of the configured ones, or what is
   * left when a person gives up the others by name. Whoever holds it already goes on with those
   * that are there while the others are off. Rejects with exit 5; with LeaseShort when a person
   * could give up those that are missing.
   */
  acquire(holder: string, about: string, wish?: LeaseWish): Promise<LeaseHeld>;
  release(lease: LeaseHeld): Promise<void>;
  /**
   * A server that was restarted and does not hear from the others serves the run that it was
   * leased to, because a person gave up the others by name. Rejects as `acquire` does.
   */
  vouch(server: string, lease: LeaseHeld, giveUp: readonly string[]): Promise<void>;
  /** Who holds it, by the word of each server. */
  show(): Promise<Record<string, LeaseView | { unknown: string }>>;
}
