/** `systemctl status` and `show`: one unit, in words and as properties (systemd 252). */
import type { ServiceStatus } from '../../schema/generated/status.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { askHost, Usage } from './host.ts';
import { type Process, processesHere } from './processes.ts';

const NOT_ACTIVE = 3;
const NOT_FOUND = 4;
const DESCRIPTIONS: Record<string, string> = {
  clusterpro: 'cluster daemon',
  clusterpro_evt: 'event service',
  clusterpro_trn: 'data transfer service',
  clusterpro_ib: 'information base service',
  clusterpro_api: 'RESTful API service',
  clusterpro_md: 'mirror agent',
  clusterpro_webmgr: 'Web Manager service',
  clusterpro_alertsync: 'alert synchronization service',
  clusterpro_nm: 'node management service',
};

/** The X series shows node management as a unit of its own. It comes and goes with the daemon's. */
export const NODE_UNIT = { name: 'clusterpro_nm', partOf: 'clusterpro', process: 'clpnm' };
/** A service that only the X series has. */
const OF_X = 'clusterpro_api';

export type Services = Record<string, ServiceStatus>;

/** What has processes of its own, and the processes with the unit that each belongs to. */
interface Units {
  services: Services;
  processes: Process[];
}

async function unitsHere(env: Environment): Promise<Units> {
  const answer = await askHost(env, { do: 'status' });
  const services = answer.services as unknown as Services;
  const processes = await processesHere(env);
  const whole = services[NODE_UNIT.partOf];
  if (!whole || !Object.hasOwn(services, OF_X)) return { services, processes };
  const main = processes.find(
    ({ service, command }) => service === NODE_UNIT.partOf && command === NODE_UNIT.process,
  );
  const node = { enabled: whole.enabled, running: main !== undefined };
  const isOfNode = ({ pid, parent }: Process) => main && [pid, parent].includes(main.pid);
  return {
    services: { ...services, [NODE_UNIT.name]: node },
    processes: processes.map((one) => (isOfNode(one) ? { ...one, service: NODE_UNIT.name } : one)),
  };
}

export async function servicesHere(env: Environment): Promise<Services> {
  return (await unitsHere(env)).services;
}

export function unitName(unit: string): string {
  return unit.replace(/\.service$/, '');
}

const own = (services: Services, name: string): ServiceStatus | undefined =>
  Object.hasOwn(services, name) ? services[name] : undefined;
const pathOf = (name: string): string => `/usr/lib/systemd/system/${name}.service`;
const enabledWord = ({ enabled }: ServiceStatus): string => (enabled ? 'enabled' : 'disabled');

export async function status(env: Environment, names: string[]): Promise<Report> {
  const { services, processes } = await unitsHere(env);
  const report: Report = { code: 0, data: null, stdout: '', stderr: '' };
  for (const name of names) {
    const service = own(services, name);
    if (!service) {
      report.code = NOT_FOUND;
      report.stderr += `Unit ${name}.service could not be found.\n`;
      continue;
    }
    if (!service.running && report.code === 0) report.code = NOT_ACTIVE;
    const tasks = processes.filter((process) => process.service === name);
    const lines = [
      `${service.running ? '●' : '○'} ${name}.service - ${DESCRIPTIONS[name] ?? name}`,
      `     Loaded: loaded (${pathOf(name)}; ${enabledWord(service)}; preset: disabled)`,
      `     Active: ${service.running ? 'active (running)' : 'inactive (dead)'}`,
      ...(tasks.length > 0 ? [`      Tasks: ${tasks.length}`, '     CGroup:'] : []),
      ...tasks.map(({ pid, command }) => `             ${pid} ${command}`),
    ];
    report.stdout += `${report.stdout === '' ? '' : '\n'}${lines.join('\n')}\n`;
  }
  return report;
}

async function propertiesOf(env: Environment, name: string): Promise<Record<string, string>> {
  const { services, processes } = await unitsHere(env);
  const service = own(services, name);
  const tasks = processes.filter((process) => process.service === name);
  const isActive = service?.running === true;
  return {
    MainPID: String((isActive ? tasks[0]?.pid : undefined) ?? 0),
    Id: `${name}.service`,
    Names: `${name}.service`,
    Description: service ? (DESCRIPTIONS[name] ?? name) : `${name}.service`,
    LoadState: service ? 'loaded' : 'not-found',
    ActiveState: isActive ? 'active' : 'inactive',
    SubState: isActive ? 'running' : 'dead',
    ...(service ? { FragmentPath: pathOf(name), UnitFileState: enabledWord(service) } : {}),
    UnitFilePreset: service ? 'disabled' : '',
    Result: 'success',
  };
}

interface Shown {
  names: string[];
  wanted: string[] | null;
  isBare: boolean;
}

function parseShow(args: readonly string[]): Shown {
  const shown: Shown = { names: [], wanted: null, isBare: false };
  const left = [...args];
  for (let arg = left.shift(); arg !== undefined; arg = left.shift()) {
    const [, joined] = /^(?:-p|--property)=?(.*)$/s.exec(arg) ?? [];
    if (joined !== undefined) {
      const value = joined === '' ? left.shift() : joined;
      if (!value) throw new Usage(`option requires an argument -- '${arg}'`);
      shown.wanted = [...(shown.wanted ?? []), ...value.split(',')];
    } else if (arg === '--value') shown.isBare = true;
    else if (arg !== '--no-pager') shown.names.push(unitName(arg));
  }
  return shown;
}

/** An unknown unit is shown too, as one that is not found; the exit is 0. */
export async function show(env: Environment, args: readonly string[]): Promise<Report> {
  const { names, wanted, isBare } = parseShow(args);
  if (names.length === 0) throw new Usage('show needs the name of a service');
  const blocks: string[] = [];
  for (const name of names) {
    const properties = await propertiesOf(env, name);
    const rows = Object.entries(properties).filter(([key]) => wanted?.includes(key) ?? true);
    blocks.push(rows.map(([key, value]) => `${isBare ? value : `${key}=${value}`}\n`).join(''));
  }
  return done(blocks.join('\n'));
}
