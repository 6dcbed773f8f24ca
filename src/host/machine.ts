/**
 * What is installed and loaded on a server's operating system: packages and kernel modules. v3 2.1,
 * 11.1, 11.3 (4).
 *
 *     package   what its removal takes along               refused while
 *     product   every service of the cluster, and every     one of them runs
 *               file in the product's own folder
 *
 *     module    there while                                 loaded by hand
 *     liscal    the mirror agent runs (v3 7)                 no
 *     clpkhb    the daemon runs (x5 2.11)                    no
 *     clpka     the same                                     no
 *     softdog   loaded, until the next boot                  insmod
 *     sbull     the same; its major number is a parameter    insmod
 *
 * x5 2.11 gives the numbers of the product's drivers; their names are our choice, and so is sbull, the
 * textbook's block driver, which stands for whatever a site loads beside them. Who has a number
 * first keeps it: the driver that comes later is loaded without one.
 */
import type { JsonObject } from '../core/json.ts';
import { text, whole, word } from './fields.ts';
import { awaitFiles } from './files.ts';
import { isServiceRunning, processState } from './processes.ts';
import type { HostState } from './state.ts';
import { change, emit, isOsUp, own, refusal, reply, type Turn, without } from './turn.ts';

/** The product's package, by the generation of the manual, as delivered. */
const PRODUCT = {
  v3: { name: 'expresscls', version: '3.0', release: '1' },
  x5: { name: 'expresscls', version: '5.2.0', release: '1' },
} as const;

/** Modules that can be loaded by hand. */
const LOADABLE = ['softdog', 'sbull'];
const SBULL_MAJOR = 252;

/** Device numbers by driver: majors of block devices, minors of miscellaneous ones (major 10). */
const BLOCK: Record<string, number> = { liscal: 218, sd_mod: 8, loop: 7 };
const MISC: Record<string, number> = { clpkhb: 253, clpka: 254, softdog: 130 };
const ALWAYS = ['sd_mod', 'e1000', 'loop'];

export interface InstalledPackage {
  version: string;
  release: string;
}

export function deliveredPackages(manual: HostState['manual']): Record<string, InstalledPackage> {
  const { name, version, release } = PRODUCT[manual];
  return { [name]: { version, release } };
}

function packagesOf({ packages, manual }: HostState): Record<string, InstalledPackage> {
  return packages ?? deliveredPackages(manual);
}

function modulesOf(state: HostState): string[] {
  const { modules, mounts } = state;
  const drivers = mounts.map(({ fs }) => fs);
  const agent = processState(state, 'agent') === 'off' ? [] : ['liscal'];
  const isServing = state.manual === 'x5' && processState(state, 'daemon') !== 'off';
  const daemon = isServing ? ['clpkhb', 'clpka'] : [];
  return [...new Set([...(modules ?? []), ...agent, ...daemon, ...drivers, ...ALWAYS])];
}

/** `NUMBER NAME` of those that have one, as /proc/devices and /proc/misc say it. */
function numbered(modules: readonly string[], numbers: Record<string, number>): string[] {
  const taken = new Set<number>();
  return modules.flatMap((name) => {
    const number = own(numbers, name);
    if (number === undefined || taken.has(number)) return [];
    taken.add(number);
    return [`${String(number).padStart(3)} ${name}`];
  });
}

/** → { packages: { name: { version, release } }, modules, block, misc: string[] } */
export function showMachine(turn: Turn, id: string): void {
  const { state } = turn;
  const modules = modulesOf(state);
  const block = numbered(modules, { ...BLOCK, sbull: state.sbullMajor ?? SBULL_MAJOR });
  const misc = numbered(modules, MISC);
  reply(turn, id, { packages: packagesOf(state), modules, block, misc });
}

export function askModule(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['load', 'unload']);
  const name = text(body, 'name');
  const modules = turn.state.modules ?? [];
  const isLoaded = modulesOf(turn.state).includes(name);
  if (op === 'load') {
    if (!LOADABLE.includes(name)) throw refusal('module.missing', 'No such file or directory');
    if (isLoaded) throw refusal('module.loaded', 'File exists');
    const given = body.major === undefined ? SBULL_MAJOR : whole(body, 'major', 1);
    const major = name === 'sbull' ? given : null;
    const taken = Object.entries(BLOCK).find(([, number]) => number === major)?.[0];
    if (taken !== undefined && modulesOf(turn.state).includes(taken)) {
      throw refusal('module.busy', 'Device or resource busy');
    }
    change(turn, { modules: [name, ...modules], ...(major === null ? {} : { sbullMajor: major }) });
  } else {
    if (!isLoaded) throw refusal('module.missing', `Module ${name} is not currently loaded`);
    if (!modules.includes(name)) throw refusal('module.busy', `Module ${name} is in use`);
    change(turn, { modules: modules.filter((loaded) => loaded !== name) });
  }
  reply(turn, id, {});
}

function switchedOn(names: string[]): HostState['services'] {
  return Object.fromEntries(names.map((name) => [name, { enabled: true }]));
}

/** The product is not installed; its services are known for when it is. */
export function forgetProduct(turn: Turn): void {
  const { services, removedServices = [], manual } = turn.state;
  const names = Object.keys(services);
  change(turn, {
    packages: without(packagesOf(turn.state), PRODUCT[manual].name),
    services: {},
    removedServices: names.length > 0 ? names : removedServices,
  });
}

/** Its services start with the next boot. */
function installPackage(turn: Turn, id: string, name: string, given: InstalledPackage): void {
  const { removedServices = [], manual } = turn.state;
  const packages = packagesOf(turn.state);
  if (own(packages, name)) {
    throw refusal('package.there', `package ${name} is already installed`);
  }
  change(turn, { packages: { ...packages, [name]: given } });
  if (name !== PRODUCT[manual].name) {
    reply(turn, id, {});
    return;
  }
  change(turn, { services: switchedOn(removedServices) });
  awaitFiles(turn, id);
  emit(turn, { type: 'placeProduct', id });
}

/** By a person at the console, from the product's own medium. */
export function installProduct(turn: Turn, id: string): void {
  const { server, manual } = turn.state;
  if (!isOsUp(turn.state)) {
    throw refusal('os.off', `cannot install on ${server}: its operating system is not up`);
  }
  const { name, version, release } = PRODUCT[manual];
  installPackage(turn, id, name, { version, release });
}

export function askPackage(turn: Turn, id: string, body: JsonObject): void {
  const op = word(body, 'op', ['install', 'erase']);
  const name = text(body, 'name');
  const packages = packagesOf(turn.state);
  const known = own(packages, name);
  const isProduct = name === PRODUCT[turn.state.manual].name;
  if (op === 'erase') {
    if (!known) throw refusal('package.missing', `package ${name} is not installed`);
    const { services } = turn.state;
    const running = Object.keys(services).filter((each) => isServiceRunning(turn.state, each));
    if (isProduct && running.length > 0) {
      throw refusal('package.busy', 'ExpressCluster is running');
    }
    if (isProduct) {
      forgetProduct(turn);
      awaitFiles(turn, id);
      emit(turn, { type: 'removeProduct', id });
      return;
    }
    change(turn, { packages: without(packages, name) });
    reply(turn, id, {});
  } else {
    installPackage(turn, id, name, {
      version: text(body, 'version'),
      release: text(body, 'release'),
    });
  }
}
