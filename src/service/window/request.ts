/**
 * What is wanted becomes a request: its plans are made and rehearsed now, against the cluster as it
 * is, and the requester signs the result.
 */

import { frozenAt } from '../../change/freeze.ts';
import { MOST_DAYS, wrongSpan } from '../../change/rules.ts';
import { hashText } from '../../change/text.ts';
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { durationMs } from '../../runbook/language/durations.ts';
import { duration } from '../../runbook/run/transcript-words.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowRequestReport } from '../../schema/generated/reports/window-request.ts';
import type { WindowDocument, WindowRequest } from '../../schema/generated/window-document.ts';
import type { Cluster, Context } from '../context.ts';
import { needYes } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import { findRunbook } from '../run/library.ts';
import { secretsOf } from '../run/secrets.ts';
import { demandCounts } from './answers.ts';
import { clusterCard, type PlanSpec } from './approved.ts';
import { identityOf, needRole, signedDocument, tellWhoSigns, trustOf } from './keys.ts';
import { readPerson } from './person.ts';
import { preparePlans } from './plans.ts';
import { instant } from './times.ts';
import {
  fileDocument,
  needPolicy,
  openWorkspace,
  type Workspace,
  windowIds,
  withHeld,
} from './workspace.ts';

/** As people say it; times as `instant` reads them, durations like 20m. */
export interface RequestWish {
  /** Name of the window; else the ticket, else date and chance. */
  id?: Json | undefined;
  title: Json;
  ticket?: Json | undefined;
  reason: Json;
  risk: Json;
  impact: Json;
  type?: Json | undefined;
  plans: readonly PlanSpec[];
  backout: Json;
  reserve?: Json | undefined;
  start: Json;
  end: Json;
  /** PRINCIPAL[:LOGIN]; else the requester. */
  implementer?: Json | undefined;
  /** Names of secrets given for a run that is to be undone, which no runbook here declares. */
  secrets: readonly string[];
}

function readReserve(given: Json | undefined): number {
  const text = given === undefined ? '0s' : String(given);
  if (/^\d+(ms|s|m|h)$/.test(text)) return durationMs(text);
  throw badInput(`the reserve '${text}' is no duration`, {
    code: 'duration',
    remedy: 'write 20m or 1h',
  });
}

/** Free and fit for a file name: what was asked for, else the ticket, else date and chance. */
function newId(wish: RequestWish, workspace: Workspace, chance: string): string {
  const taken = windowIds(workspace);
  const shape = /^[A-Za-z0-9][A-Za-z0-9._-]{2,63}$/;
  const asked = wish.id === undefined ? null : String(wish.id);
  if (asked !== null && (!shape.test(asked) || taken.includes(asked))) {
    throw badInput(`a window cannot be called '${asked}'`, {
      code: 'window.name',
      remedy: taken.includes(asked)
        ? 'there is one of that name; choose another'
        : 'use 3 to 64 letters, figures, points, dashes',
    });
  }
  const ticket = String(wish.ticket ?? '');
  const end = hashText(chance).slice(0, 4);
  if (asked !== null) return asked;
  if (shape.test(ticket)) return taken.includes(ticket) ? `${ticket}-${end}` : ticket;
  return `W${new Date(workspace.now).toISOString().slice(0, 10).replaceAll('-', '')}-${end}`;
}

async function makeRequest(
  ctx: Context,
  cluster: Cluster,
  wish: RequestWish,
  about: { policy: Policy; requester: string; now: number },
) {
  const { policy, requester, now } = about;
  const start = instant(String(wish.start), now, 'start');
  const end = instant(String(wish.end), start, 'end');
  if (end <= start || end <= now) {
    throw badInput('the window ends before it begins, or before now', {
      code: 'window.times',
      remedy: 'give an --end after --start',
    });
  }
  const wrong = wrongSpan(start, end, now);
  if (wrong !== null) {
    throw badInput(wrong, {
      code: 'window.times',
      remedy: `give an --end at most ${MOST_DAYS} days after --start, or ask for several windows`,
    });
  }
  const frozen = frozenAt(policy.freezes ?? [], start);
  if (frozen) {
    ctx.tell({ type: 'window.frozen', until: frozen.until, name: frozen.name });
  }
  const implementer = readPerson(String(wish.implementer ?? requester), policy, 'implement');
  const reserveMs = readReserve(wish.reserve);
  const specs = await withGiven(ctx, wish);
  const prepared = await preparePlans(ctx, cluster, specs);
  const estimates = prepared.map(({ rehearsal }) => rehearsal.estimate);
  const totalMs = estimates.reduce((sum, { atMostMs }) => sum + atMostMs, 0);
  if (totalMs + reserveMs > end - start) {
    throw badInput(
      `the plans take up to ${duration(totalMs)}, ${duration(reserveMs)} are reserved: too much`,
      { code: 'window.short', remedy: 'make the window longer, or the reserve smaller' },
    );
  }
  const status = await cluster.door.observation.status();
  const plans = prepared.map(({ approved }) => approved);
  const request: WindowRequest = {
    title: String(wish.title),
    ticket: String(wish.ticket ?? ''),
    reason: String(wish.reason),
    risk: String(wish.risk),
    impact: String(wish.impact),
    type: (wish.type ?? 'normal') as WindowRequest['type'],
    plans,
    backout: String(wish.backout),
    reserveMs,
    clusters: [clusterCard(ctx, cluster, status)],
    servers: [...new Set(plans.flatMap(({ servers }) => servers))].sort(),
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    implementer,
    approvals: policy.approvals,
  };
  return { request, prepared };
}

/** Secrets of all the plans: each goes to those that know a parameter of that name. */
async function withGiven(
  ctx: Context,
  { plans: specs, secrets }: RequestWish,
): Promise<PlanSpec[]> {
  const isUndo = ({ undo }: PlanSpec) => undo !== undefined;
  const runbooks = specs.map((spec) =>
    isUndo(spec) ? null : findRunbook(ctx, spec.runbook).found,
  );
  const wanted = runbooks.flatMap((found, at) => {
    if (!found) return [];
    const own = secretsOf(found);
    const shown = own.filter(({ name }) => specs[at]!.set[name] !== undefined);
    if (shown.length > 0) ctx.tell({ type: 'secrets.shown', names: shown.map(({ name }) => name) });
    return own.filter((one) => !shown.includes(one));
  });
  const named = specs.some(isUndo) ? secrets : [];
  wanted.push(...named.map((name) => ({ name, description: 'to undo', isNeeded: false })));
  const once = [...new Map(wanted.reverse().map((one) => [one.name, one])).values()];
  const given = await ctx.person.gives({ of: 'what is requested', wanted: once });
  return specs.map((spec, at) => {
    const known = runbooks[at]?.runbook.parameters ?? {};
    const fitting = Object.entries(given).filter(([name]) => isUndo(spec) || known[name]);
    return { ...spec, set: { ...Object.fromEntries(fitting), ...spec.set } };
  });
}

/** How many people have to approve it goes beside the report. */
export interface Requested extends Report<WindowRequestReport> {
  approvals: number;
}

export async function requestWindow(ctx: Context, wish: RequestWish): Promise<Requested> {
  const cluster = await ctx.openCluster();
  try {
    const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
    const policy = needPolicy(workspace, cluster.topology.id);
    const identity = identityOf(ctx.keys, policy);
    needRole(policy, identity, 'request', 'request a window');
    const about = { policy, requester: identity.principal, now: workspace.now };
    const { request, prepared } = await makeRequest(ctx, cluster, wish, about);
    for (const { rehearsal } of prepared) {
      ctx.tell({ type: 'request.rehearsed', transcript: rehearsal.transcript });
    }
    const id = newId(wish, workspace, cluster.random.id());
    const at = cluster.clock.now() + workspace.aheadMs;
    const document: WindowDocument = {
      schema: 'drydock.window-paper/1',
      window: id,
      kind: 'request',
      by: identity.principal,
      at: new Date(at).toISOString(),
      body: request,
    };
    tellWhoSigns(ctx, identity, { is: 'request', window: id });
    await needYes(ctx.person, { ask: 'request', plans: request.plans.length });
    const trust = trustOf(policy);
    const namespace = 'drydock.window';
    const signed = await signedDocument(ctx.keys, { document, identity, namespace, trust, at });
    demandCounts(workspace, signed, 'request');
    const { title } = request;
    const file = await fileDocument(ctx, workspace, signed, 'window.requested', { title });
    const hash = hashText(signed.text);
    const data = { schema: 'drydock.window-request/1', window: id, hash, file, request } as const;
    return { ...reportOf(data), approvals: policy.approvals };
  } finally {
    await cluster.close();
  }
}
