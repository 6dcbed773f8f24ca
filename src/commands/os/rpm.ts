/**
 * rpm: whether the product is installed, its removal, and its installation anew from a package file
 * of the server (v3 2.1, 5.1, 6.7). Exit 1 for whatever is not there or was refused; the number of
 * packages that failed, as the original counts them, is 1 here as only one is taken.
 */
import { RemoteError } from '../../ports/wire.ts';
import { done, type Environment, failed, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';

interface Package {
  version: string;
  release: string;
}

const ARCHITECTURE = 'x86_64';
const fullName = (name: string, { version, release }: Package): string =>
  `${name}-${version}-${release}.${ARCHITECTURE}`;

async function installed(env: Environment): Promise<Map<string, Package>> {
  const { packages } = await askHost(env, { do: 'machine' });
  return new Map(Object.entries(packages as unknown as Record<string, Package>));
}

/** `expresscls`, `expresscls-3.0`, `expresscls-3.0-1`, with or without its architecture. */
function find(packages: Map<string, Package>, asked: string): [string, Package] | null {
  const isMeant = ([name, given]: [string, Package]): boolean => {
    const { version, release } = given;
    const names = [
      name,
      `${name}-${version}`,
      `${name}-${version}-${release}`,
      fullName(name, given),
    ];
    return names.includes(asked);
  };
  return [...packages].find(isMeant) ?? null;
}

function details(name: string, { version, release }: Package): string {
  const rows: [string, string][] = [
    ['Name', name],
    ['Version', version],
    ['Release', release],
    ['Architecture', ARCHITECTURE],
    ['Group', 'Applications/System'],
    ['Summary', 'High availability cluster'],
  ];
  return rows.map(([key, value]) => `${key.padEnd(12)}: ${value}\n`).join('');
}

async function query(env: Environment, letters: string, names: string[]): Promise<Report> {
  const packages = await installed(env);
  if (letters.includes('a')) {
    return done([...packages].map(([name, each]) => `${fullName(name, each)}\n`).join(''));
  }
  if (names.length === 0) throw new Usage('no arguments given for query');
  const report: Report = { code: 0, data: null, stdout: '', stderr: '' };
  for (const name of names) {
    const found = find(packages, name);
    if (found === null) {
      report.code += 1;
      report.stdout += `package ${name} is not installed\n`;
    } else report.stdout += letters.includes('i') ? details(...found) : `${fullName(...found)}\n`;
  }
  return report;
}

async function install(env: Environment, path: string): Promise<Report> {
  const file = /([^/]+)-([\d.]+)-([\w.]+?)(\.(i[3-6]86|x86_64|noarch))?\.rpm$/.exec(path);
  const isThere = path.startsWith('/') && (await env.files.read(path)) !== null;
  if (!isThere) return failed(`error: open of ${path} failed: No such file or directory`);
  if (!file) return failed(`error: ${path}: not an rpm package (or package manifest)`);
  const [, name = '', version = '', release = ''] = file;
  const packages = await installed(env);
  const there = packages.get(name);
  if (there) return failed(`\tpackage ${fullName(name, there)} is already installed`);
  await askHost(env, { do: 'package', op: 'install', name, version, release });
  return done();
}

async function erase(env: Environment, asked: string): Promise<Report> {
  const found = find(await installed(env), asked);
  if (found === null) return failed(`error: package ${asked} is not installed`);
  try {
    await askHost(env, { do: 'package', op: 'erase', name: found[0] });
    return done();
  } catch (error) {
    if (error instanceof RemoteError) return failed(`error: ${error.message}`);
    throw error;
  }
}

const MODES: Record<string, string> = { '--query': '-q', '--erase': '-e', '--install': '-i' };

async function run(env: Environment, args: string[]): Promise<Report> {
  const [first = '', ...rest] = args;
  const letters = (MODES[first] ?? first).replace(/^-/, '');
  const names = rest.filter((arg) => !arg.startsWith('-'));
  const option = rest.find((arg) => arg.startsWith('-'));
  if (option !== undefined) throw new Usage(`${option}: unknown option`);
  if (/^q[ai]*$/.test(letters)) return query(env, letters, names);
  const [name, more] = names;
  if (!/^(ev?|i[vh]*)$/.test(letters)) throw new Usage(`${first}: unknown option`);
  if (name === undefined)
    throw new Usage(`no packages given for ${letters.startsWith('e') ? 'erase' : 'install'}`);
  if (more !== undefined) throw new Usage('one package at a time is taken here');
  return letters.startsWith('e') ? erase(env, name) : install(env, name);
}

export const rpm = osCommand(
  {
    name: 'rpm',
    summary: "the product's package: ask for it, remove it, install it",
    usage: ['rpm -q[i] NAME', 'rpm -qa', 'rpm -e NAME', 'rpm -i FILE'],
    traits: ([first = '']) => {
      const isLook = /^(-q[ai]*|--query)$/.test(first);
      return { changes: !isLook, endangers: /^(-e|--erase)/.test(first) };
    },
    run,
  },
  { refused: 1, usage: 1 },
);
