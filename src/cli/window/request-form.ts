/** What a request says, from options, a YAML file, or answers at the terminal. */
import { badInput } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { nearest } from '../../core/nearest.ts';
import type { PlanSpec } from '../../service/window/approved.ts';
import type { RequestWish } from '../../service/window/request.ts';
import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { pairs, readLine, words } from '../words/asking.ts';
import { readYaml } from '../words/reading-yaml.ts';
import { readPlanWords } from './plan-words.ts';

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

export async function readRequest(cli: Cli, args: Args): Promise<RequestWish> {
  const { plans, ...wish } = await gatherWish(cli, args);
  const secrets = Object.keys(pairs('secret', args.secret));
  return { ...(wish as Omit<RequestWish, 'plans'>), plans: planSpecs(plans), secrets };
}
