/**
 * What has to be known of a physical act: what a person with hands does to a server, or its
 * management controller in their place. It is said here once; plans, lint, preflight, the schemas
 * (`npm run types`) and whoever carries the act out read it. A kind of cluster that needs another
 * act writes its entry and adds it to registry.ts.
 */
import type { Capability } from '../../ports/cluster.ts';
import type { BmcRequest } from '../../ports/protocol.ts';
import type { PhysicalAct } from '../../schema/generated/physical-act.ts';

/** What an act is given besides its server, in the runbook's field of that name. */
export interface ActParameter {
  type: 'string' | 'boolean';
  /** What it is, in a word or two; of parameters of one name, for people who write runbooks. */
  what: string;
  description: string;
  /** The value where the runbook leaves the field out; without it the field is needed. */
  default?: boolean;
}

export interface ActEntry {
  /** As runbooks, plans and records write it. */
  name: string;
  /** What is done, as an order. */
  words: string;
  parameters: Record<string, ActParameter>;
  /** What a cluster that carries it out without a person is able to do. */
  needs: Extract<Capability, 'power' | 'physicalActs'>;
  /** What becomes of the server: one that is started need not answer before, one that is stopped
   * must not be the control host. */
  server: 'starts' | 'stops' | 'stays';
  /** Something is lost or interrupted: a step has to say what is at stake. */
  isDangerous: boolean;
  /** Done twice it is as done once: one in doubt that nothing shows is asked for again. */
  isRepeatable?: true;
  /** What the management controller of the server is asked for. */
  request(act: PhysicalAct): BmcRequest;
}

type Named<Name> = Extract<PhysicalAct, { act: Name }>;

/** An entry whose parameters are those of its act, no more and no fewer. */
export interface EntryOf<Name extends PhysicalAct['act']> extends ActEntry {
  name: Name;
  parameters: Record<Exclude<keyof Named<Name>, 'act' | 'server'>, ActParameter>;
  request(act: Named<Name>): BmcRequest;
}
