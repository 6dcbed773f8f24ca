/**
 * systemctl for the cluster's services: enable, disable, start, stop, restart, is-enabled,
 * is-active, status, show. Everything else systemctl can do is denied. x5 has it in place of chkconfig.
 */
import { done, type Environment, type Report } from '../environment.ts';
import { askHost, osCommand, STOP_TIMEOUT_MS, Usage, unknownOption } from './host.ts';
import { NODE_UNIT, servicesHere, show, status, unitName } from './units.ts';

const DEEDS = ['enable', 'disable', 'start', 'stop'] as const;
const QUESTIONS = ['is-enabled', 'is-active', 'status', 'show'];
/** What only changes how an answer is shown. */
const SHOWN = ['--no-pager', '-l', '--full'];
const NOT_ENABLED = 1;
const NOT_ACTIVE = 3;

/** One that is enabled, or active, is enough for a yes; an unknown name ends it. */
async function answer(env: Environment, verb: string, names: string[]): Promise<Report> {
  const known = await servicesHere(env);
  let stdout = '';
  let isYes = false;
  for (const name of names) {
    const service = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!service && verb === 'is-enabled') {
      const stderr = `Failed to get unit file state for ${name}.service: No such file or directory\n`;
      return { code: NOT_ENABLED, data: null, stdout, stderr };
    }
    const holds = verb === 'is-enabled' ? service?.enabled : service?.running;
    const [yes, no] = verb === 'is-enabled' ? ['enabled', 'disabled'] : ['active', 'inactive'];
    stdout += `${holds ? yes : no}\n`;
    isYes ||= holds === true;
  }
  const code = verb === 'is-enabled' ? NOT_ENABLED : NOT_ACTIVE;
  return { code: isYes ? 0 : code, data: null, stdout, stderr: '' };
}

/** The unit of node management, where it is so already; it is not ordered without its daemon. */
async function isAsOrdered(env: Environment, deeds: readonly string[]): Promise<boolean> {
  const { [NODE_UNIT.name]: unit } = await servicesHere(env);
  if (!unit) return false;
  const is = { enable: unit.enabled, disable: !unit.enabled, start: unit.running };
  const [deed, more] = deeds;
  if (more === undefined && { stop: !unit.running, ...is }[deed as (typeof DEEDS)[number]]) {
    return true;
  }
  throw new Usage(`${NODE_UNIT.name} goes with ${NODE_UNIT.partOf}: name that one`);
}

async function run(env: Environment, args: string[]): Promise<Report> {
  if (args[0] === 'show') return show(env, args.slice(1));
  const words = args.filter((arg) => !SHOWN.includes(arg));
  const option = words.find((arg) => arg.startsWith('-'));
  if (option) throw unknownOption(option);
  const [verb = '', ...units] = words;
  const known = [...DEEDS, 'restart', ...QUESTIONS];
  if (!known.includes(verb)) throw new Usage(`say one of ${known.join(', ')}`);
  if (units.length === 0) throw new Usage(`${verb} needs the name of a service`);
  const names = units.map(unitName);
  if (verb === 'status') return status(env, names);
  if (QUESTIONS.includes(verb)) return answer(env, verb, names);
  const deeds =
    verb === 'restart' ? (['stop', 'start'] as const) : [verb as (typeof DEEDS)[number]];
  for (const name of names) {
    if (name === NODE_UNIT.name && (await isAsOrdered(env, deeds))) continue;
    for (const op of deeds) await askHost(env, { do: 'service', name, op }, STOP_TIMEOUT_MS);
  }
  return done();
}

export const systemctl = osCommand(
  {
    name: 'systemctl',
    summary: "the cluster's services: at boot, and now",
    usage: [
      'systemctl enable|disable|start|stop|restart|is-enabled|is-active|status NAME…',
      'systemctl show [-p PROPERTY,…] [--value] NAME…',
    ],
    traits: (args) => ({ changes: !QUESTIONS.includes(args[0] ?? '') }),
    run,
  },
  { refused: 1, usage: 1 },
);
