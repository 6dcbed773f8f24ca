/**
 * A cluster of two servers, whose gate is asked. Virtual time begins at minute 62 of
 * signed-papers.ts, so that its window (60 to 180) is open.
 */
import { readFileSync } from 'node:fs';
import { topologyHash } from '../../src/change/topology.ts';
import type { Json } from '../../src/core/json.ts';
import type { Authority, HandNote } from '../../src/ports/authority.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import type { ApprovedAct, WindowRequest } from '../../src/schema/generated/window-document.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { minute, PLAN, POLICY, policyPaper, REQUEST } from '../support/signed-papers.ts';

export const CONFIG = new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url);
export const SUSPEND = ['clpmonctrl', '-s'];
export const RESUME = ['clpmonctrl', '-r'];

export async function twinAt(startMs = minute(62)): Promise<Twin> {
  const configText = readFileSync(CONFIG, 'utf8');
  const twin = await buildTwin({ configText, seed: 3, dataBytes: 1024 * 1024, startMs });
  await twin.up();
  return twin;
}

/** The request of signed-papers.ts, for this cluster: suspend the monitors of server1. */
export function requestFor(twin: Twin, more: Partial<WindowRequest> = {}): WindowRequest {
  const { uuid, name } = twin.config;
  const topology = topologyHash(twin.config);
  const plan = { ...PLAN, cluster: uuid, servers: ['server1'], commands: [SUSPEND, RESUME] };
  return {
    ...REQUEST,
    plans: [plan],
    clusters: [{ name, uuid, topology, versions: {} }],
    servers: ['server1', 'server2'],
    ...more,
  };
}

export function policyOf(twin: Twin, more = {}): SignedDocument {
  return policyPaper({ ...POLICY, cluster: twin.config.uuid, ...more });
}

export async function give(twin: Twin, papers: SignedDocument[], servers = ['server1', 'server2']) {
  for (const one of papers) {
    for (const server of servers) {
      const body = { do: 'paper', op: 'put', paper: { ...one } as unknown as Json };
      await twin.ask(server, 'host', body, 1_000);
    }
  }
}

export function runBy(who: string, more: Partial<Authority> = {}): Authority {
  const { runbook, called, parameters } = PLAN;
  const plan = { runbook, called, parameters: parameters as Record<string, Json> };
  return { who, window: 'W-1', run: 'move-1', plan, ...more };
}

export async function notesOf(twin: Twin, server: string): Promise<HandNote[]> {
  const answer = await twin.ask(server, 'host', { do: 'notes' }, 1_000);
  return (answer as unknown as { notes: HandNote[] }).notes;
}
/** Suspends the monitors of server1; undone, resumes them. */
export const ACTS: ApprovedAct[] = [
  {
    ...{ step: 'suspend', verb: 'run', safe: false },
    order: { server: 'server1', argv: SUSPEND, answers: [] },
    undo: { server: 'server1', argv: RESUME, answers: [] },
  },
  {
    ...{ step: 'suspend-2', verb: 'run', safe: false, undo: null },
    order: { server: 'server2', argv: SUSPEND, answers: [] },
  },
];

export function requestOfActs(twin: Twin): WindowRequest {
  const servers = ['server1', 'server2'];
  const plan = { ...PLAN, cluster: twin.config.uuid, servers, commands: [SUSPEND, RESUME] };
  return requestFor(twin, { plans: [{ ...plan, acts: ACTS }] });
}
