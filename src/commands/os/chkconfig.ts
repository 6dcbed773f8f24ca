/**
 * chkconfig: which services start at boot. v3 5.2, 6.7, 11.1 (4), 11.8.2.
 * Documented: --add, --del, --set NAME on, --list. Ours: `NAME on|off`, --set NAME off.
 */
import type { Environment } from '../environment.ts';
import { done, type Report } from '../environment.ts';
import { askHost, osCommand, Usage, unknownOption } from './host.ts';

/** Run levels that a service is switched on in when it is enabled. */
const ON_LEVELS = [3, 5];

function line(name: string, enabled: boolean): string {
  const levels = [0, 1, 2, 3, 4, 5, 6].map((level) => {
    return `${level}:${enabled && ON_LEVELS.includes(level) ? 'on' : 'off'}`;
  });
  return `${name} ${levels.join(' ')}\n`;
}

async function list(env: Environment, name: string | undefined): Promise<Report> {
  const { services } = await askHost(env, { do: 'status' });
  const known = services as unknown as Record<string, { enabled: boolean }>;
  if (name !== undefined && !Object.hasOwn(known, name)) {
    throw new Usage(`${name} is no service here; there are ${Object.keys(known).join(', ')}`);
  }
  const names = name === undefined ? Object.keys(known) : [name];
  return done(names.map((each) => line(each, known[each]!.enabled)).join(''));
}

async function turn(env: Environment, name: string, to: string | undefined): Promise<Report> {
  if (to !== 'on' && to !== 'off') throw new Usage(`${name}: say on or off`);
  await askHost(env, { do: 'service', name, op: to === 'on' ? 'enable' : 'disable' });
  return done();
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const [first, name, to, more] = args;
  if (first === undefined) throw new Usage('name a service, with --add, --del, --set or --list');
  if (more !== undefined) throw new Usage(`${more} is one word too many`);
  if (first === '--list') return list(env, name);
  if (!first.startsWith('-')) return turn(env, first, name);
  if (!['--add', '--del', '--set'].includes(first)) throw unknownOption(first);
  if (name === undefined) throw new Usage(`${first} needs the name of a service`);
  if (first === '--set') return turn(env, name, to);
  if (to !== undefined) throw new Usage(`${to} is one word too many`);
  return turn(env, name, first === '--add' ? 'on' : 'off');
}

export const chkconfig = osCommand({
  name: 'chkconfig',
  summary: 'which services start when the server boots',
  usage: ['chkconfig --add|--del NAME', 'chkconfig --set NAME on|off', 'chkconfig --list [NAME]'],
  traits: (args) => ({ changes: args[0] !== '--list' }),
  run,
});
