/**
 * shutdown and reboot: the orderly way down of this server. Both return as soon as the order is
 * given; the daemon and the agent are stopped first, then the operating system. v3 5.2, 6.7, 11.8.2.
 * Only `now` can be said: a shutdown at a later time would outlive the step that ordered it.
 */
import { done, type Environment, type Report } from '../environment.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';

const WORDS = {
  shutdown: 'The system is going down for system halt NOW!\n',
  reboot: 'The system is going down for reboot NOW!\n',
};

async function order(env: Environment, op: 'shutdown' | 'reboot'): Promise<Report> {
  await askHost(env, { do: 'power', op });
  return done(WORDS[op]);
}

export const shutdown = osCommand({
  name: 'shutdown',
  summary: 'shut this server down, or reboot it, in order',
  usage: ['shutdown -h now', 'shutdown -r now'],
  traits: () => ({ changes: true, goesDown: true }),
  async run(env, args) {
    const options = args.filter((arg) => arg.startsWith('-'));
    const unknown = options.find((option) => !['-h', '-P', '-r'].includes(option));
    if (unknown) throw unknownOption(unknown);
    if (options.length !== 1) throw new Usage('say -h (halt) or -r (reboot), once');
    const times = args.filter((arg) => !arg.startsWith('-'));
    if (times.length !== 1 || !['now', '0', '+0'].includes(times[0]!)) {
      throw new Usage('the only time that can be said is now');
    }
    return order(env, options[0] === '-r' ? 'reboot' : 'shutdown');
  },
});

export const reboot = osCommand({
  name: 'reboot',
  summary: 'reboot this server in order',
  usage: ['reboot'],
  traits: () => ({ changes: true, goesDown: true }),
  async run(env, args) {
    if (args.length > 0) throw unknownOption(args[0]!);
    return order(env, 'reboot');
  },
});
