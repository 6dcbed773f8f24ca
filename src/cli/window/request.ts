/**
 * `window request`: what is wanted, from options, a YAML file, or answers at the terminal. Its
 * plans are made and rehearsed now, against the cluster as it is; the requester signs the result.
 */
import { frozenAt } from '../../change/freeze.ts';
import { hashText } from '../../change/papers.ts';
import { MOST_DAYS, wrongSpan } from '../../change/rules.ts';
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import { durationMs } from '../../runbook/language/durations.ts';
import { duration } from '../../runbook/run/transcript-words.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { WindowPaper, WindowRequest } from '../../schema/generated/window-paper.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print } from '../context.ts';
import { givenValues, secretsOf, warnOfShown } from '../run/giving-secrets.ts';
import { findRunbook } from '../run/runbooks.ts';
import type { Args } from '../verbs/args.ts';
import { pairs, readLine, words } from '../words/asking.ts';
import { counted } from '../words/progress.ts';
import { readYaml } from '../words/reading-yaml.ts';
import { demandCounts } from './answers.ts';
import { agree } from './asking.ts';
import { type Desk, filePaper, needPolicy, openDesk, windowIds, withHeld } from './desk.ts';
import { identityOf, needRole, sayWhoSigns, signedPaper, trustOf } from './keys.ts';
import { readPerson } from './person.ts';
import { clusterCard, type PlanSpec, preparePlans, readPlanWords } from './plans.ts';
import { instant } from './times.ts';

const FIELDS = [
  'id',
  'title',
  'ticket',
  'reason',
  'risk',
  'impact',
  'type',
  'plans',
  'backout',
  'reserve',
  'start',
  'end',
  'implementer',
] as const;
type Field = (typeof FIELDS)[number];

/** What cannot be left out, and how it is asked for. */
const QUESTIONS: Partial<Record<Field, string>> = {
  title: 'Title (what is done, in one line): ',
  reason: 'Reason (why): ',
  risk: 'Risk (what may go wrong): ',
  impact: 'Impact (who notices what): ',
  backout: 'Backout (what is done when it goes wrong): ',
  start: 'Start (ISO 8601, now, or +DURATION): ',
  end: 'End (ISO 8601, or +DURATION from the start): ',
};

type Wish = Partial<Record<Field, Json>>;

function readWish(file: string): Wish {
  const content = readYaml(file);
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw badInput(`${file} holds no fields`, {
      code: 'yaml',
      place: { file },
      remedy: `write lines like title: …; known: ${FIELDS.join(', ')}`,
    });
  }
  for (const name of Object.keys(content)) {
    if (FIELDS.includes(name as Field)) continue;
    const near = nearest(name, FIELDS);
    throw badInput(`a request has no field '${name}'`, {
      code: 'field.unknown',
      place: { file, field: name },
      remedy: near ? `did you mean '${near}'?` : `known: ${FIELDS.join(', ')}`,
    });
  }
  return content as Wish;
}

/** Options win over the file; a person is asked for what neither says. */
async function gatherWish(cli: Cli, args: Args): Promise<Wish> {
  const wish: Wish = typeof args.from === 'string' ? readWish(args.from) : {};
  for (const name of FIELDS) if (typeof args[name] === 'string') wish[name] = args[name] as string;
  const planned = words(args.plan);
  if (planned.length > 0) wish.plans = planned;
  const missing: string[] = [];
  for (const [name, question] of Object.entries(QUESTIONS) as [Field, string][]) {
    if (wish[name] !== undefined) continue;
    const answer = await readLine(cli, question);
    if (answer?.trim()) wish[name] = answer.trim();
    else missing.push(name);
  }
  if (missing.length > 0) {
    throw badInput(`the request does not say ${missing.join(', ')}`, {
      code: 'request.incomplete',
      remedy: `give ${missing.map((name) => `--${name}`).join(' ')}, or a file with --from`,
    });
  }
  return wish;
}

function planSpecs(plans: Json | undefined): PlanSpec[] {
  const list = plans === undefined ? [] : Array.isArray(plans) ? plans : [plans];
  if (list.length === 0) {
    throw badInput('the request has no plan: nothing could be run in its window', {
      code: 'request.planless',
      remedy: 'give --plan "ID NAME=VALUE …" (`drydock list` shows the runbooks)',
    });
  }
  return list.map((item) => {
    if (typeof item === 'string') return readPlanWords(item);
    const { runbook, set = {}, undo } = (item ?? {}) as Partial<PlanSpec>;
    if (typeof undo === 'string') return { runbook: 'undo', set, undo };
    if (typeof runbook === 'string') return { runbook, set };
    throw badInput(`a plan names no runbook: ${JSON.stringify(item)}`, {
      code: 'request.plan',
      remedy: 'write - {runbook: ID, set: {NAME: VALUE}}',
    });
  });
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
function newId(wish: Wish, desk: Desk, chance: string): string {
  const taken = windowIds(desk);
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
  return `W${new Date(desk.now).toISOString().slice(0, 10).replaceAll('-', '')}-${end}`;
}

async function makeRequest(
  cli: Cli,
  cluster: Cluster,
  wish: Wish,
  about: { args: Args; policy: Policy; requester: string; now: number },
) {
  const { args, policy, requester, now } = about;
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
    const until = new Date(frozen.until).toISOString();
    const words = `it could not be opened before ${until}: frozen by ${frozen.name}`;
    cli.say(cli.paint('yellow', words));
  }
  const implementer = readPerson(String(wish.implementer ?? requester), policy, 'implement');
  const reserveMs = readReserve(wish.reserve);
  const specs = await withGiven(cli, args, planSpecs(wish.plans));
  const prepared = await preparePlans(cli, cluster, specs);
  const totalMs = prepared.reduce((sum, { rehearsal }) => sum + rehearsal.durationMs, 0);
  if (totalMs + reserveMs > end - start) {
    throw badInput(
      `the plans take about ${duration(totalMs)}, ${duration(reserveMs)} are reserved: too much`,
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
    clusters: [clusterCard(cluster, status)],
    servers: [...new Set(plans.flatMap(({ servers }) => servers))].sort(),
    start: new Date(start).toISOString(),
    end: new Date(end).toISOString(),
    implementer,
    approvals: policy.approvals,
  };
  return { request, prepared };
}

/** Secrets of all the plans: each goes to those that know a parameter of that name. */
async function withGiven(cli: Cli, args: Args, specs: readonly PlanSpec[]): Promise<PlanSpec[]> {
  const isUndo = ({ undo }: PlanSpec) => undo !== undefined;
  const runbooks = specs.map((spec) => (isUndo(spec) ? null : findRunbook(spec.runbook).found));
  const wanted = runbooks.flatMap((found, at) => {
    if (!found) return [];
    const secrets = secretsOf(found);
    const shown = secrets.filter(({ name }) => specs[at]!.set[name] !== undefined);
    warnOfShown(
      cli,
      shown.map(({ name }) => name),
    );
    return secrets.filter((one) => !shown.includes(one));
  });
  // A run that is to be undone knows secrets that no runbook here declares.
  const named = specs.some(isUndo) ? Object.keys(pairs('secret', args.secret)) : [];
  wanted.push(...named.map((name) => ({ name, description: 'to undo', isNeeded: false })));
  const once = [...new Map(wanted.reverse().map((one) => [one.name, one])).values()];
  const given = await givenValues(cli, args, { of: 'what is requested', wanted: once });
  return specs.map((spec, at) => {
    const known = runbooks[at]?.runbook.parameters ?? {};
    const fitting = Object.entries(given).filter(([name]) => isUndo(spec) || known[name]);
    return { ...spec, set: { ...Object.fromEntries(fitting), ...spec.set } };
  });
}

export async function requestWindow(cli: Cli, args: Args): Promise<number> {
  const wish = await gatherWish(cli, args);
  planSpecs(wish.plans);
  const cluster = await openCluster(cli, args);
  try {
    const desk = await withHeld(openDesk(cli, args), cluster.door);
    const policy = needPolicy(desk, cluster.config.uuid);
    const identity = identityOf(args, policy);
    needRole(policy, identity, 'request', 'request a window');
    const about = { args, policy, requester: identity.principal, now: desk.now };
    const { request, prepared } = await makeRequest(cli, cluster, wish, about);
    for (const { rehearsal } of prepared) cli.say(rehearsal.transcript.trimEnd());
    const id = newId(wish, desk, cluster.random.id());
    const at = cluster.clock.now() + desk.aheadMs;
    const document: WindowPaper = {
      schema: 'drydock.window-paper/1',
      window: id,
      kind: 'request',
      by: identity.principal,
      at: new Date(at).toISOString(),
      body: request,
    };
    sayWhoSigns(cli, identity, `the request ${id}`);
    await agree(cli, args, `Sign the request for ${counted(request.plans.length, 'plan')}?`);
    const trust = trustOf(policy);
    const paper = await signedPaper({ document, identity, namespace: 'drydock.window', trust, at });
    demandCounts(desk, paper, 'request');
    const file = await filePaper(cli, desk, paper, 'window.requested', { title: request.title });
    const hash = hashText(paper.text);
    print(
      cli,
      { schema: 'drydock.window-request/1', window: id, hash, file, request },
      () => `${id}\n`,
    );
    cli.say(
      `${id} waits for ${counted(policy.approvals, 'approval')}: drydock window approve ${id}`,
    );
    return 0;
  } finally {
    await cluster.close();
  }
}
