/** The words of `window` and their options. Which option belongs to which word stands here, once. */
import type { Options } from 'yargs';
import { WINDOW_STATES } from '../../change/types.ts';
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
      'the folder of signed documents; default: $DRYDOCK_WINDOWS, else windows/ in the state folder',
  },
  key: {
    ...text('', SIGNED),
    describe: 'SSH key to sign with, or the .pub of one that an agent holds; default: $DRYDOCK_KEY',
  },
  as: {
    ...text('', SIGNED),
    describe: 'which person of the policy you sign as, where the key belongs to several',
  },
  yes: { type: 'boolean', of: SIGNED, describe: 'sign without being asked first' },
  from: text('a YAML file that holds these options', ['request']),
  title: text('what is done, in one line', ['request']),
  ticket: text('its number in your ticket system', ['request', 'emergency']),
  reason: text('why', ['request', 'reject', 'withdraw', 'emergency']),
  'without-documents': {
    type: 'boolean',
    of: ['emergency'],
    describe:
      'emergency: let everything pass for an hour, where what the servers hold can be neither read nor believed',
  },
  risk: text('what may go wrong', ['request']),
  impact: text('who notices what', ['request']),
  type: { ...text('default: normal', ['request']), choices: ['normal', 'standard'] },
  plan: texts(
    '"ID NAME=VALUE …" or "undo RUN" (again for more, in the order in which they will run)',
    ['request', 'open', 'emergency'],
  ),
  set: texts('NAME=VALUE: a parameter, for every plan that has it', ['request', 'open']),
  secret: texts('NAME=FILE: a secret that a plan needs (- is stdin)', ['request', 'open']),
  backout: text('what will be done if it goes wrong', ['request']),
  start: text('when it begins: ISO 8601, now, or +DURATION', ['request']),
  end: text('when it ends: ISO 8601, or +DURATION from the start', ['request']),
  reserve: text('time at the end that stays free for backing out, e.g. 20m', ['request']),
  implementer: text('who will do it: PRINCIPAL[:LOGIN]', ['request']),
  note: text('a remark of the approver', ['approve']),
  amendment: text('the amendment (its hash) that is answered, not the request', [
    'approve',
    'reject',
  ]),
  outcome: {
    ...text('how it went', ['close']),
    choices: ['successful', 'with-issues', 'backed-out', 'failed', 'not-done'],
  },
  notes: text('what there is to say about it', ['close', 'review']),
  accept: texts('a debt that stays on the cluster on purpose (again for more)', ['close']),
  check: text('a time; says whether changes are frozen then', ['freeze']),
  out: text('the file to write', ['export', 'policy']),
  force: { type: 'boolean', of: ['policy'], describe: 'policy init: overwrite the file' },
  state: { ...text('only windows in this state', ['list']), choices: WINDOW_STATES },
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
