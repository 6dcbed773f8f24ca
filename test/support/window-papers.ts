/** Papers of a window as somebody would have signed them; their signatures are said, not made. */
import { documentOf } from '../../src/change/documents.ts';
import { hashText } from '../../src/change/text.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import type { ApprovedPlan, WindowRequest } from '../../src/schema/generated/window-document.ts';

export const PLAN: ApprovedPlan = {
  runbook: { id: 'v3-5.1', title: 'Look', hash: 'a'.repeat(64) },
  called: [],
  parameters: { server: 'server1' },
  cluster: 'uuid-1',
  servers: ['server1'],
  commands: [['clpstat']],
  rehearsal: {
    outcome: 'done',
    steps: 1,
    durationMs: 500,
    transcript: 'done look\n',
    unknowns: [],
  },
  dangers: ['look: it stares'],
  cannotUndo: ['look: Look'],
};

export const REQUEST: WindowRequest = {
  title: 'Look at <server1> & tell',
  ticket: 'CHG-1',
  reason: 'to see',
  risk: 'none',
  impact: 'none',
  type: 'normal',
  plans: [PLAN],
  backout: 'look away',
  reserveMs: 60_000,
  clusters: [
    { name: 'one', uuid: 'uuid-1', topology: 'b'.repeat(64), versions: { product: 'v3 LE' } },
  ],
  servers: ['server1'],
  start: '2026-01-01T00:00:00.000Z',
  end: '2026-01-01T02:00:00.000Z',
  implementer: { principal: 'ines', login: 'ines' },
  approvals: 2,
};

export function windowPaper(
  kind: string,
  by: string,
  minute: number,
  body: object,
): SignedDocument {
  const at = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
  const document = { schema: 'drydock.window-paper/1', window: 'CHG-1', kind, by, at, body };
  return documentOf(document as never, by, 'a signature');
}

export function policyPaper(version: number, more: JsonObject = {}): SignedDocument {
  const document = {
    schema: 'drydock.policy/1',
    cluster: 'uuid-1',
    version,
    at: '2026-01-01T00:00:00.000Z',
    demandsWindow: true,
    approvals: 2,
    people: [{ principal: 'pia', roles: ['policy'] }],
    signers: [],
    ...more,
  };
  return documentOf(document as never, 'pia', 'a signature');
}

export const hashOfPaper = ({ text }: SignedDocument) => hashText(text);
