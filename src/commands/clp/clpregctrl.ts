/**
 * clpregctrl: how often this server was ended by final actions, and counting that anew.
 *
 * The manuals name the command nowhere; its options are those of the product as it is known:
 * --get, and --clear of a type (rc: by resources, rm: by monitors) and its registry, haltcount.
 * Our choice: the layout, -g and -c for short, and that the daemon has to run, which holds the counts.
 */
import { badInput } from '../../core/errors.ts';
import { hint } from '../../core/nearest.ts';
import type { RebootCounts } from '../../schema/generated/reports/reboot-counts.ts';
import { actsDone } from '../data.ts';
import { done } from '../environment.ts';
import { actsUnless, defineCommand, request, SUCCEEDED } from './context.ts';
import { atMost, modeOf, usageError } from './options.ts';

const OPTIONS = {
  get: { names: ['-g', '--get'] },
  clear: { names: ['-c', '--clear'] },
  type: { names: ['-t'], value: 'TYPE' },
  registry: { names: ['-r'], value: 'REGISTRY' },
};

const TYPES = ['rc', 'rm'] as const;
const REGISTRY = 'haltcount';

function wordsOf(counts: RebootCounts, type: (typeof TYPES)[number]): string {
  const { max, resetMs } = counts;
  const rows = [
    ['type', type],
    ['registry', REGISTRY],
    ['value', counts[type]],
    ['maximum', max ?? 'no limit'],
    ['reset', resetMs === null ? 'never' : `after ${resetMs / 60_000} minutes in order`],
  ];
  return rows.map(([name, value]) => ` ${String(name).padEnd(8)} : ${value}\n`).join('');
}

const RULE = '-------------------------\n';

export const clpregctrl = defineCommand(
  {
    name: 'clpregctrl',
    summary: 'Shows how often final actions ended this server, or counts that anew',
    usage: ['clpregctrl --get', 'clpregctrl --clear -t rc|rm -r haltcount'],
    options: OPTIONS,
    traits: actsUnless('get'),
  },
  async ({ env, local }, given) => {
    atMost(given, 0);
    const mode = modeOf(given, OPTIONS, ['get', 'clear']);
    if (mode === 'get') {
      if (given.has('type') || given.has('registry')) throw usageError('-t and -r go with --clear');
      const answer = await request(env, local, 'daemon', { do: 'reboots', op: 'show', of: 'rc' });
      const { rc, rm, max, resetMs } = answer as Record<'rc' | 'rm' | 'max' | 'resetMs', number>;
      const shown: RebootCounts = {
        schema: 'drydock.reboot-counts/1',
        server: local,
        rc,
        rm,
        max: max || null,
        resetMs: resetMs || null,
      };
      return done(
        `${TYPES.map((type) => `${RULE}${wordsOf(shown, type)}`).join('')}${RULE}`,
        shown,
      );
    }
    const [asked = '', registry = ''] = [given.value('type'), given.value('registry')];
    const of = TYPES.find((type) => type === asked);
    if (of === undefined) {
      const said = asked === '' ? 'the type (-t) is missing' : `unknown type ${asked}`;
      throw badInput(said, { code: 'registry.type', remedy: hint(asked, [...TYPES]) });
    }
    if (registry !== REGISTRY) {
      const said =
        registry === '' ? 'the registry (-r) is missing' : `unknown registry ${registry}`;
      throw badInput(said, { code: 'registry.unknown', remedy: hint(registry, [REGISTRY]) });
    }
    await request(env, local, 'daemon', { do: 'reboots', op: 'clear', of });
    const act = { act: 'clear', kind: 'rebootCount', name: of, server: local } as const;
    return done(SUCCEEDED, actsDone(act));
  },
);
