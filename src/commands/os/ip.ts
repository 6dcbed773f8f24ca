/**
 * ip and ifconfig: the addresses that this server has, floating ones among them (iproute2 6.1,
 * net-tools 2.10). They show; the cluster sets its floating addresses itself.
 */
import { fixedAddresses } from '../../config/index.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import {
  addressesOf,
  byInterface,
  configOf,
  hardwareAddress,
  type OwnAddress,
} from './addresses.ts';
import { osCommand, Usage } from './host.ts';
import { isUp } from './reach.ts';

const LOOPBACK: OwnAddress = { nic: 'lo', address: '127.0.0.1', bits: 8, isFloating: false };

interface Nic {
  name: string;
  index: number;
  mac: string;
  addresses: OwnAddress[];
}

async function nicsOf(env: Environment): Promise<Nic[]> {
  const nics = byInterface([LOOPBACK, ...(await addressesOf(env))]);
  return [...nics].map(([name, addresses], at) => {
    const mac = name === 'lo' ? '00:00:00:00:00:00' : hardwareAddress(env.server, name);
    return { name, index: at + 1, mac, addresses };
  });
}

const widthOf = ({ address, bits }: OwnAddress): string => `${address}/${bits}`;

/** What a mask lets through of four numbers, and what it does not. */
function masked(bits: number): { mask: number; rest: number } {
  const mask = bits === 0 ? 0 : (0xffffffff << (32 - bits)) >>> 0;
  return { mask, rest: ~mask >>> 0 };
}

const dotted = (value: number): string =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.');

function broadcast({ address, bits }: OwnAddress): string {
  const value = address.split('.').reduce((sum, part) => ((sum << 8) | Number(part)) >>> 0, 0);
  return dotted((value | masked(bits).rest) >>> 0);
}

function addressWords(own: OwnAddress, index: number): string {
  const { nic, address } = own;
  const family = address.includes(':') ? 'inet6' : 'inet';
  if (nic === 'lo') return `${family} ${widthOf(own)} scope host lo`;
  if (family === 'inet6') return `${family} ${widthOf(own)} scope global`;
  const second = index > 0 ? 'secondary ' : '';
  return `${family} ${widthOf(own)} brd ${broadcast(own)} scope global ${second}${nic}`;
}

function linkLines({ name, index, mac }: Nic): string[] {
  const isLo = name === 'lo';
  const flags = isLo ? 'LOOPBACK,UP,LOWER_UP' : 'BROADCAST,MULTICAST,UP,LOWER_UP';
  const rest = isLo
    ? 'mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000'
    : 'mtu 1500 qdisc pfifo_fast state UP group default qlen 1000';
  const far = isLo ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff';
  return [
    `${index}: ${name}: <${flags}> ${rest}`,
    `    link/${isLo ? 'loopback' : 'ether'} ${mac} brd ${far}`,
  ];
}

const FOREVER = 'valid_lft forever preferred_lft forever';

function showAddresses(nics: Nic[], letters: Set<string>): string {
  if (letters.has('br')) {
    const rows = nics.map(({ name, addresses }) => {
      const state = name === 'lo' ? 'UNKNOWN' : 'UP';
      return `${name.padEnd(16)} ${state.padEnd(14)} ${addresses.map(widthOf).join(' ')} \n`;
    });
    return rows.join('');
  }
  const lines = nics.flatMap((nic) => {
    const words = nic.addresses.map((own, at) => addressWords(own, at));
    if (letters.has('o')) {
      return words.map((each) => `${nic.index}: ${nic.name}    ${each}\\       ${FOREVER}`);
    }
    return [...linkLines(nic), ...words.flatMap((each) => [`    ${each}`, `       ${FOREVER}`])];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** The other servers' interfaces: of one that is silent no hardware address is found. */
async function neighbours(env: Environment): Promise<string> {
  const config = await configOf(env);
  const others = config?.servers.filter(({ name }) => name !== env.server) ?? [];
  const blocks = others.map(async ({ name }) => {
    const isThere = await isUp(env, name);
    return fixedAddresses(config!, name).map((address, at) => {
      const state = isThere ? `lladdr ${hardwareAddress(name, `eth${at}`)} REACHABLE` : 'FAILED';
      return `${address} dev eth${at} ${state}\n`;
    });
  });
  return (await Promise.all(blocks)).flat().join('');
}

const OBJECTS = { address: 'addr', link: 'link', neighbour: 'neigh', neighbor: 'neigh' } as const;

async function runIp(env: Environment, args: string[]): Promise<Report> {
  const options = args.filter((arg) => /^-/.test(arg)).map((arg) => arg.replace(/^-+/, ''));
  const letters = new Set(options.map((name) => ({ oneline: 'o', brief: 'br' })[name] ?? name));
  const strange = [...letters].find((name) => !['o', 'br', '4', 'f', 'family'].includes(name));
  if (strange !== undefined) throw new Usage(`Option "-${strange}" is unknown, try "ip -help".`);
  const [object = '', verb = 'show', ...rest] = args.filter((arg) => !arg.startsWith('-'));
  const known = Object.keys(OBJECTS).find((name) => object !== '' && name.startsWith(object));
  if (known === undefined) throw new Usage(`Object "${object}" is unknown, try "ip help".`);
  if (!['show', 'list', 'sh', 'ls', 's', 'l'].includes(verb)) {
    throw new Usage(
      `Command "${verb}" is not provided here: the cluster sets its addresses itself`,
    );
  }
  const kind = OBJECTS[known as keyof typeof OBJECTS];
  if (kind === 'neigh') return done(await neighbours(env));
  const [wanted] = rest.filter((word) => word !== 'dev');
  const nics = await nicsOf(env);
  const shown = wanted === undefined ? nics : nics.filter(({ name }) => name === wanted);
  if (shown.length === 0) return failed(`Cannot find device "${wanted}"`);
  if (kind === 'addr') return done(showAddresses(shown, letters));
  const lines = shown.flatMap((nic) =>
    letters.has('o') ? [linkLines(nic).join('\\')] : linkLines(nic),
  );
  return done(lines.map((line) => `${line}\n`).join(''));
}

export const ip = osCommand(
  {
    name: 'ip',
    summary: 'the addresses of this server, and its neighbours',
    usage: ['ip [-o|-br] addr [show [dev NIC]]', 'ip link [show [NIC]]', 'ip neigh'],
    traits: () => ({ changes: false }),
    run: runIp,
  },
  { refused: 1, usage: 1 },
);

function ifconfigBlock(own: OwnAddress, label: string, mac: string): string {
  const isLo = own.nic === 'lo';
  const flags = isLo
    ? '73<UP,LOOPBACK,RUNNING>  mtu 65536'
    : '4163<UP,BROADCAST,RUNNING,MULTICAST>  mtu 1500';
  const mask = isLo ? '255.0.0.0' : `${dotted(masked(own.bits).mask)}  broadcast ${broadcast(own)}`;
  const address = own.address.includes(':')
    ? `        inet6 ${own.address}  prefixlen ${own.bits}\n`
    : `        inet ${own.address}  netmask ${mask}\n`;
  const link = isLo
    ? 'loop  txqueuelen 1000  (Local Loopback)'
    : `ether ${mac}  txqueuelen 1000  (Ethernet)`;
  return `${label}: flags=${flags}\n${address}        ${link}\n\n`;
}

export const ifconfig = osCommand(
  {
    name: 'ifconfig',
    summary: 'the addresses of this server',
    usage: ['ifconfig [-a] [NIC]'],
    traits: () => ({ changes: false }),
    async run(env, args) {
      const [wanted, more] = args.filter((arg) => arg !== '-a');
      if (more !== undefined) throw new Usage('the cluster sets its addresses itself');
      if (wanted?.startsWith('-')) throw new Usage(`option \`${wanted}' not recognised.`);
      const blocks = (await nicsOf(env)).flatMap(({ name, mac, addresses }) =>
        addresses.map((own, at) => ({ label: at === 0 ? name : `${name}:${at - 1}`, own, mac })),
      );
      const shown = blocks.filter(({ label }) => wanted === undefined || label === wanted);
      if (shown.length === 0) {
        return failed(`${wanted}: error fetching interface information: Device not found`);
      }
      return done(shown.map(({ own, label, mac }) => ifconfigBlock(own, label, mac)).join(''));
    },
  },
  { refused: 1, usage: 1 },
);
