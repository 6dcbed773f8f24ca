/**
 * What is to be read of a runbook, as a page: sections of paragraphs, terms and drawings. `show`,
 * Markdown and man pages print the same page (plain.ts, markdown.ts, roff.ts), which is made of the
 * runbook alone.
 */
import { inOneLine } from '../../core/visible.ts';
import type { Parameter } from '../../schema/generated/runbook.ts';
import {
  conditionInWords,
  templateInWords,
  valueInWords,
} from '../language/expressions/in-words.ts';
import type { Library, LoadedRunbook } from '../language/types.ts';
import { graphOf } from '../plan/graph.ts';
import { stepTerm } from './step.ts';

/** A piece of a line: plain, something typed, or what must be seen. */
export type Span = string | { code: string } | { strong: string };
export type Line = Span[];

export interface Term {
  term: Line;
  /** Each begins a line of its own. */
  lines: Line[];
}

export type Part = { lines: Line[] } | { terms: Term[] } | { drawing: string };

export interface Section {
  title: string;
  parts: Part[];
}

export interface Page {
  id: string;
  title: string;
  sections: Section[];
}

const MANUALS = { v3: 'ExpressCluster for Linux 3.0', x5: 'EXPRESSCLUSTER X 5.2' };
const KINDS: Record<LoadedRunbook['runbook']['kind'], string> = {
  procedure: 'a procedure',
  diagnosis: 'a diagnosis: it looks, decides, and names the remedy',
  refusal: 'a refusal: the manual says that it cannot be done',
  automatic: 'the cluster does it by itself; this looks on',
  setting: 'a setting: it changes the configuration',
  part: 'a part of procedures, which call it',
};
const ONE_OF = {
  servers: 'a server of the cluster',
  mirrors: 'a mirror disk of the cluster',
  groups: 'a failover group of the cluster',
  resources: 'a group resource of the cluster',
  monitors: 'a monitor resource of the cluster',
  devices: 'a disk of its servers, as /dev/sdb',
  machines: 'a server of the cluster, or one that stands beside it',
};
const TYPES = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function rangeOf({ minimum, maximum }: Parameter): string {
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return ` from ${minimum} on`;
  return maximum === undefined ? '' : ` up to ${maximum}`;
}

function allowed(parameter: Parameter): Line {
  const { type, from, enum: words, pattern } = parameter;
  if (from) return [`${ONE_OF[from]}.`];
  if (words) return ['One of ', ...joined(words.map((word) => ({ code: String(word) }))), '.'];
  if (pattern !== undefined) return [`${TYPES[type]} that fits `, { code: pattern }, '.'];
  return [`${TYPES[type]}${rangeOf(parameter)}.`];
}

export function joined(spans: readonly Span[]): Line {
  return spans.flatMap((span, at) => (at === 0 ? [span] : [', ', span]));
}

function byItself(parameter: Parameter): Line {
  const expression = parameter['default-expression'];
  if (parameter.default !== undefined)
    return ['By itself ', { code: String(parameter.default) }, '.'];
  if (expression !== undefined) return [`By itself ${valueInWords(expression)}.`];
  return parameter.from ? ['By itself the only one.'] : ['It has to be given.'];
}

function upper([first, ...rest]: Line): Line {
  if (typeof first !== 'string') return first === undefined ? [] : [first, ...rest];
  return [first.charAt(0).toUpperCase() + first.slice(1), ...rest];
}

function parameterTerm([name, parameter]: [string, Parameter]): Term {
  const secret = 'A secret: --secret gives it; it is recorded nowhere.';
  return {
    term: [{ code: name }],
    lines: [
      upper([`${parameter.description.replace(/\.$/, '')}.`]),
      [...upper(allowed(parameter)), ' ', ...byItself(parameter)],
      ...(parameter.secret ? [[secret]] : []),
    ],
  };
}

function documented({ runbook, hash }: LoadedRunbook): Line[] {
  const { source, site, editions, kind, cluster } = runbook;
  const where = source
    ? `${source.manual} ${source.section} (${MANUALS[source.manual]})`
    : `By the site: ${site}`;
  return [
    [`${where}.`],
    [
      `For ${editions.length > 1 ? 'editions' : 'edition'} ${editions.join(', ')}${cluster ? ` of ${cluster}` : ''}; ${KINDS[kind]}.`,
    ],
    ['SHA-256 ', { code: hash }],
  ];
}

function paragraphs(text: string): Line[] {
  return text
    .trim()
    .split(/\n\s*\n/)
    .map((one) => [one.replaceAll(/\s+/g, ' ')]);
}

/** What is otherwise than before when it has ended, by its situations' word. */
function leftBehind({ runbook }: LoadedRunbook): Line[] {
  const { situations = [] } = runbook;
  const left = [...new Set(situations.flatMap(({ leaves }) => leaves ?? []))];
  const acting = runbook.steps.filter(({ verb, undo }) => {
    return (verb === 'run' || verb === 'operator') && undo === 'none';
  });
  const dangerous = acting.filter(({ danger }) => danger !== undefined);
  const lines: Line[] = left.map((words) => upper([`${words.replace(/\.$/, '')}.`]));
  if (situations.length > 0 && left.length === 0) {
    lines.push(['Everything as it was before: services, power, groups, media, time-outs.']);
  }
  if (dangerous.length > 0) {
    const titles = dangerous.map(({ title }) => templateInWords(title)).join('; ');
    lines.push([`What is done by these steps cannot be undone: ${titles}.`]);
  }
  return lines;
}

function situationsOf({ runbook }: LoadedRunbook): Line[] {
  return (runbook.situations ?? []).map(({ title, ends }) =>
    upper([`${title.replace(/\.$/, '')}${ends === 'refused' ? ' (it is refused then)' : ''}.`]),
  );
}

const MENTION = /\b(?:v3|x5|part)-[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*/g;

/** Runbooks that it calls or names, and those that call it. */
function related(loaded: LoadedRunbook, library: Library): Line[] {
  const { id } = loaded.runbook;
  const named = JSON.stringify(loaded.runbook.steps).match(MENTION) ?? [];
  const called = loaded.runbook.steps.flatMap(({ call }) => call?.runbook ?? []);
  const callers = [...library.values()]
    .filter(({ runbook }) => runbook.steps.some(({ call }) => call?.runbook === id))
    .map(({ runbook }) => runbook.id);
  const all = [...new Set([...called, ...named, ...callers])].filter((one) => one !== id);
  return all
    .filter((one) => library.has(one))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((one) => [{ code: one }, ` ${library.get(one)?.runbook.title ?? ''}`]);
}

function section(title: string, part: Part): Section[] {
  const [content] = Object.values(part) as [readonly unknown[] | string];
  return content.length > 0 ? [{ title, parts: [part] }] : [];
}

export function pageOf(loaded: LoadedRunbook, library: Library): Page {
  const { runbook, overlays = [] } = loaded;
  const { id, title, summary = '' } = runbook;
  const roles = Object.entries(runbook.roles ?? {});
  return {
    id,
    title: inOneLine(title),
    sections: [
      ...section('Description', { lines: summary ? paragraphs(summary) : [] }),
      ...section('Documented', { lines: documented(loaded) }),
      ...section('Overlays', {
        terms: overlays.map((one) => ({
          term: [{ code: one.id }],
          lines: [[one.title], [`${one.file}, SHA-256 `, { code: one.hash }]],
        })),
      }),
      ...section('When it is for', { lines: situationsOf(loaded) }),
      ...section('Parameters', {
        terms: Object.entries(runbook.parameters ?? {}).map(parameterTerm),
      }),
      ...section('Who is who', {
        terms: roles.map(([name, expression]) => ({
          term: [{ code: name }],
          lines: [upper([`${valueInWords(expression)}.`])],
        })),
      }),
      ...section('Requires', {
        terms: (runbook.requires ?? []).map(({ that, or }) => ({
          term: upper([conditionInWords(that)]),
          lines: [[`Else: ${templateInWords(or)}`]],
        })),
      }),
      ...section('Steps', { terms: runbook.steps.map((step, at) => stepTerm(step, at, loaded)) }),
      ...section('What it leaves', { lines: leftBehind(loaded) }),
      ...section('Picture', { drawing: graphOf(loaded, library).text }),
      ...section('See also', { lines: related(loaded, library) }),
    ],
  };
}
