/**
 * ping: whether somebody answers for an address: a server whose operating system is up, by its own
 * addresses or a floating one that it holds (iputils 20221126); or something outside the cluster that
 * clp.conf names for resolving partitions, over the LAN that it is reached by. Whatever else there may
 * be stays silent. Exit 0: it answered; 1: not, or not often enough; 2: bad words, or a name that
 * nobody knows.
 */
import { fixedAddresses, lanTo, outsideOf } from '../../config/index.ts';
import { sleep } from '../../ports/clock.ts';
import { WireError } from '../../ports/wire.ts';
import type { ConfiguredServer } from '../../schema/generated/cluster-configuration.ts';
import { type Environment, failed, type Report } from '../environment.ts';
import { addressesOf, configOf } from './addresses.ts';
import { osCommand, Usage } from './host.ts';
import { holds } from './reach.ts';

const INTERVAL_MS = 1_000;
/** Without a number it goes on until somebody ends it; here it ends by itself. */
const MOST = 600;

async function reachesOutside(
  env: Environment,
  self: ConfiguredServer,
  address: string,
): Promise<boolean> {
  try {
    return await env.reaches(lanTo(self, address), address, INTERVAL_MS);
  } catch (error) {
    if (error instanceof WireError) return false;
    throw error;
  }
}

/** One echo request. */
async function answers(env: Environment, address: string): Promise<boolean> {
  if (/^127\.|^::1$/.test(address)) return true;
  if ((await addressesOf(env)).some((own) => own.address === address)) return true;
  const config = await configOf(env);
  if (config === null) return false;
  const self = config.servers.find(({ name }) => name === env.server);
  const others = config.servers.filter((server) => server !== self);
  if (self && outsideOf(config).includes(address)) return reachesOutside(env, self, address);
  const configured = (name: string) => fixedAddresses(config, name);
  const held = await Promise.all(
    others.map(({ name }) => holds(env, name, address, configured(name))),
  );
  return held.includes(true);
}

/** null: nobody knows the name. */
export async function addressFor(env: Environment, name: string): Promise<string | null> {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(name) || name.includes(':')) return name;
  if (name === 'localhost') return '127.0.0.1';
  const config = await configOf(env);
  return config ? (fixedAddresses(config, name)[0] ?? null) : null;
}

interface Wanted {
  count: number | null;
  deadlineMs: number | null;
  intervalMs: number;
  isQuiet: boolean;
  target: string;
}

const VALUED: Record<string, string> = {
  c: 'count',
  w: 'deadline',
  W: 'wait',
  i: 'interval',
  s: 'size',
  I: 'interface',
};

function parse(args: string[]): Wanted {
  const wanted: Wanted = {
    count: null,
    deadlineMs: null,
    intervalMs: INTERVAL_MS,
    isQuiet: false,
    target: '',
  };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const letter = /^-([a-zA-Z0-9])/.exec(arg)?.[1];
    if (letter === undefined) {
      if (wanted.target !== '') throw new Usage(`${arg} is one address too many`);
      wanted.target = arg;
    } else if (Object.hasOwn(VALUED, letter)) {
      const value = arg.length > 2 ? arg.slice(2) : (left.shift() ?? '');
      const number = Number(value);
      if (letter !== 'I' && !(value !== '' && number > 0))
        throw new Usage(`invalid argument: '${value}'`);
      if (letter === 'c') wanted.count = Math.ceil(number);
      if (letter === 'w') wanted.deadlineMs = number * 1000;
      if (letter === 'i') wanted.intervalMs = number * 1000;
    } else if (letter === 'q') wanted.isQuiet = true;
    else if (!['n', '4', '6'].includes(letter)) throw new Usage(`invalid option -- '${letter}'`);
  }
  if (wanted.target === '') throw new Usage('usage error: Destination address required');
  return wanted;
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const { count, deadlineMs, intervalMs, isQuiet, target } = parse(args);
  const address = await addressFor(env, target);
  if (address === null) return failed(`ping: ${target}: Name or service not known`, 2);
  const started = env.clock.now();
  const most = Math.min(count ?? MOST, MOST);
  env.progress(`PING ${target} (${address}) 56(84) bytes of data.\n`);
  let [sent, received] = [0, 0];
  while (sent < most) {
    const at = env.clock.now();
    if (deadlineMs !== null && at - started >= deadlineMs) break;
    sent += 1;
    if (await answers(env, address)) {
      received += 1;
      const ms = Math.max(0.05, env.clock.now() - at);
      const line = `64 bytes from ${address}: icmp_seq=${sent} ttl=64 time=${ms.toFixed(3)} ms\n`;
      if (!isQuiet) env.progress(line);
    }
    if (sent === most && (received > 0 || deadlineMs === null)) break;
    const rest = intervalMs - (env.clock.now() - at);
    if (rest > 0) await sleep(env.clock, rest);
  }
  const loss = Math.round(((sent - received) / sent) * 100);
  const ms = Math.round(env.clock.now() - started);
  const stdout =
    `\n--- ${target} ping statistics ---\n` +
    `${sent} packets transmitted, ${received} received, ${loss}% packet loss, time ${ms}ms\n`;
  const isEnough = deadlineMs === null || count === null ? received > 0 : received >= count;
  return { code: isEnough ? 0 : 1, data: null, stdout, stderr: '' };
}

export const ping = osCommand(
  {
    name: 'ping',
    summary: 'whether somebody answers for an address',
    usage: ['ping [-c COUNT] [-w SECONDS] [-i SECONDS] [-q] [-n] ADDRESS'],
    traits: () => ({ changes: false }),
    run,
  },
  { refused: 2, usage: 2 },
);
