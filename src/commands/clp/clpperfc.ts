/**
 * clpperfc: how long the last check of a monitor took, or the last start of a group, in ms.
 *
 * Documented: -m NAME prints an integer and nothing else. Our choice: -g GROUP, the last start on
 * this server; what has not been yet is an error.
 */
import { done } from '../environment.ts';
import {
  defineCommand,
  groupNamed,
  LOOKS_ONLY,
  monitorNamed,
  refused,
  request,
} from './context.ts';
import { atMost, modeOf } from './options.ts';

const OPTIONS = {
  monitor: { names: ['-m'], value: 'NAME' },
  group: { names: ['-g'], value: 'GROUP' },
};

export const clpperfc = defineCommand(
  {
    name: 'clpperfc',
    summary: 'Says how long the last check of a monitor or start of a group took, in ms',
    usage: ['clpperfc -m NAME', 'clpperfc -g GROUP'],
    options: OPTIONS,
    traits: LOOKS_ONLY,
  },
  async (context, given) => {
    atMost(given, 0);
    const of = modeOf(given, OPTIONS, ['monitor', 'group']);
    const asked = given.value(of) ?? '';
    const name = of === 'monitor' ? monitorNamed(context, asked) : groupNamed(context, asked).name;
    const { env, local } = context;
    const answer = await request(env, local, 'daemon', { do: 'perf', of, name });
    const { ms } = answer as { ms: number | null };
    if (ms === null) {
      throw refused(
        `${of} ${name} was not ${of === 'monitor' ? 'checked' : 'started'} on ${local} yet`,
      );
    }
    const properties = [{ name: 'ms', value: ms }];
    const shown = { kind: of, index: null, name, properties } as const;
    return done(`${ms}\n`, { schema: 'drydock.properties/1', objects: [{ ...shown }] });
  },
);
