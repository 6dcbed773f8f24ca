/**
 * systemctl for the cluster's services: enable, disable, start, stop, restart, is-enabled,
 * is-active. Everything else systemctl can do is denied. x5 has it in place of chkconfig.
 */
import { done, type Environment, type Report } from '../environment.ts';
import { askHost, osCommand, STOP_TIMEOUT_MS, Usage, unknownOption } from './host.ts';

const DEEDS = ['enable', 'disable', 'start', 'stop'] as const;
const QUESTIONS = ['is-enabled', 'is-active'];
const NOT_ENABLED = 1;
const NOT_ACTIVE = 3;

/** One that is enabled, or active, is enough for a yes; an unknown name ends it. */
async function answer(env: Environment, verb: string, names: string[]): Promise<Report> {
  const { services } = await askHost(env, { do: 'status' });
  const known = services as unknown as Record<string, { enabled: boolean; running: boolean }>;
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

async function run(env: Environment, args: string[]): Promise<Report> {
  const option = args.find((arg) => arg.startsWith('-'));
  if (option) throw unknownOption(option);
  const [verb = '', ...units] = args;
  const known = [...DEEDS, 'restart', ...QUESTIONS];
  if (!known.includes(verb)) throw new Usage(`say one of ${known.join(', ')}`);
  if (units.length === 0) throw new Usage(`${verb} needs the name of a service`);
  const names = units.map((unit) => unit.replace(/\.service$/, ''));
  if (QUESTIONS.includes(verb)) return answer(env, verb, names);
  const deeds =
    verb === 'restart' ? (['stop', 'start'] as const) : [verb as (typeof DEEDS)[number]];
  for (const name of names) {
    for (const op of deeds) await askHost(env, { do: 'service', name, op }, STOP_TIMEOUT_MS);
  }
  return done();
}

export const systemctl = osCommand(
  {
    name: 'systemctl',
    summary: "the cluster's services: at boot, and now",
    usage: ['systemctl enable|disable|start|stop|restart|is-enabled|is-active NAME…'],
    traits: (args) => ({ changes: !QUESTIONS.includes(args[0] ?? '') }),
    run,
  },
  { refused: 1, usage: 1 },
);
