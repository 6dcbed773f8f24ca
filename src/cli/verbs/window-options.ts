/** The words of `window` and their options. Which option belongs to which word is kept here, once. */
import type { Options } from 'yargs';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Args } from './args.ts';

export const WINDOW_WORDS = [
  'list',
  'show',
  'request',
  'approve',
  'reject',
  'withdraw',
  'open',
  'close',
  'review',
  'emergency',
  'freeze',
  'policy',
  'push',
  'import',
  'export',
] as const;

export type WindowWord = (typeof WINDOW_WORDS)[number];

/** Words whose outcome somebody signs. */
const SIGNED: WindowWord[] = [
  'request',
  'approve',
  'reject',
  'withdraw',
  'open',
  'close',
  'review',
  'emergency',
  'policy',
];

interface WindowOption extends Options {
  of: readonly WindowWord[];
}

const text = (describe: string, of: WindowWord[]): WindowOption => ({
  type: 'string',
  requiresArg: true,
  describe: `${of.join(', ')}: ${describe}`,
  of,
});

const texts = (describe: string, of: WindowWord[]): WindowOption => ({
  ...text(describe, of),
  array: true,
  nargs: 1,
});

export const WINDOW_OPTIONS: Record<string, WindowOption> = {
  folder: {
    ...text('', [...WINDOW_WORDS]),
    describe:
      'the folder of documents; default: $DRYDOCK_WINDOWS, else windows in the state folder',
  },
  key: {
    ...text('', SIGNED),
    describe: 'SSH key to sign with, or the .pub of one that an agent holds; default: $DRYDOCK_KEY',
  },
  as: { ...text('', SIGNED), describe: 'who signs (principal), where a key is of several' },
  yes: { type: 'boolean', of: SIGNED, describe: 'sign without asking' },
  from: text('a YAML file with what the options say', ['request']),
  title: text('what is done, in one line', ['request']),
  ticket: text('number in the ticket system', ['request', 'emergency']),
  reason: text('why', ['request', 'reject', 'withdraw', 'emergency']),
  'without-papers': {
    type: 'boolean',
    of: ['emergency'],
    describe: 'emergency: where what the servers hold cannot be read or believed; for an hour',
  },
  risk: text('what may go wrong', ['request']),
  impact: text('who notices what', ['request']),
  type: { ...text('normal unless told', ['request']), choices: ['normal', 'standard'] },
  plan: texts(
    '"ID NAME=VALUE …" or "undo RUN", in the order in which they will run (again for more)',
    ['request', 'open', 'emergency'],
  ),
  set: texts('a parameter of plans that have it: NAME=VALUE', ['request', 'open']),
  secret: texts('a secret that a plan needs: NAME=FILE (- is stdin)', ['request', 'open']),
  backout: text('what is done when it goes wrong', ['request']),
  start: text('ISO 8601, now, or +DURATION', ['request']),
  end: text('ISO 8601, or +DURATION from the start', ['request']),
  reserve: text('kept free at the end for backing out, e.g. 20m', ['request']),
  implementer: text('who will do it: PRINCIPAL[:LOGIN]', ['request']),
  note: text('what the approver adds', ['approve']),
  amendment: text('answer this amendment (hash) instead of the request', ['approve', 'reject']),
  outcome: {
    ...text('how it went', ['close']),
    choices: ['successful', 'with-issues', 'backed-out', 'failed', 'not-done'],
  },
  notes: text('what there is to say afterwards', ['close', 'review']),
  accept: texts('a debt that is left on the cluster on purpose (again for more)', ['close']),
  check: text('would a change be frozen at that time?', ['freeze']),
  out: text('the file to write', ['export', 'policy']),
  force: { type: 'boolean', of: ['policy'], describe: 'policy init: write over the file' },
  state: text('only windows in that state', ['list']),
};

/** Refuses an option that means nothing to that word: it would be left out silently. */
export function checkWindowOptions(word: WindowWord, args: Args): void {
  const known = Object.entries(WINDOW_OPTIONS).filter(([, { of }]) => of.includes(word));
  for (const [name, { of }] of Object.entries(WINDOW_OPTIONS)) {
    if (args[name] === undefined || of.includes(word)) continue;
    const names = known.map(([own]) => own);
    throw badInput(`--${name} means nothing to \`window ${word}\``, {
      code: 'usage',
      remedy: `it belongs to ${of.join(', ')}; ${suggestion(name, names)}`,
    });
  }
}
