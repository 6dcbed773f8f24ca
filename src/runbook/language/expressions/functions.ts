/** The words of the expressions beyond CEL's own: the field's nouns as functions. */
import {
  type CelMap,
  CelScalar,
  type CelValue,
  celFunc,
  celMethod,
  isCelError,
  isCelList,
  isCelMap,
  mapType,
} from '@bufbuild/cel';
import { diskOf } from '../../../core/device-names.ts';
import { suggestion } from '../../../core/nearest.ts';
import type { TopologyVolume } from '../../../schema/generated/topology.ts';
import {
  aboutRecord,
  currentScope,
  currentView,
  type Kind,
  memberNames,
  recordNamed,
  unknownError,
} from './values.ts';

const { DYN } = CelScalar;
const RECORD = mapType(DYN, DYN);

/** The record of that name. No name at all is unknown: whatever should have given it did not. */
function find(kind: Kind, name: unknown): CelMap {
  const one = kind.slice(0, -1);
  if (typeof name !== 'string') throw unknownError(`${one}(…)`, 'no name was given for it');
  const record = recordNamed(kind, name);
  if (!record) {
    const known = Object.keys(currentView()[kind]);
    throw new Error(`there is no ${one} '${name}'; ${suggestion(name, known)}`);
  }
  return record;
}

/** A value out of a record; "not known" leaves as an error. */
function take(record: CelMap, key: string): CelValue {
  const value = record.get(key) as CelValue;
  if (isCelError(value)) throw value;
  return value;
}

function on(record: CelMap, server: unknown): CelValue {
  const sides = take(record, 'servers');
  if (!isCelMap(sides)) throw new Error('.on(server) is for mirrors and monitors');
  if (typeof server !== 'string') {
    throw unknownError(`${aboutRecord(record)?.path}.on(…)`, 'no server was given');
  }
  return take(sides, server);
}

/** Where a mirror is active; null when nowhere. Unknown while a running side cannot be asked. */
function active(md: unknown): string | null {
  find('mirrors', md);
  const status = currentView();
  const sides = Object.entries(status.mirrors[md as string]!.servers);
  const holders = sides.filter(([, side]) => side.active === true).map(([name]) => name);
  if (holders.length > 1) {
    throw unknownError(`active('${md}')`, `active on ${holders.join(' and ')}: a split`);
  }
  if (holders[0] !== undefined) return holders[0];
  const silent = sides.find(
    ([name, side]) => side.active === null && status.servers[name]?.power !== 'off',
  );
  if (!silent) return null;
  const [server, side] = silent;
  throw unknownError(`active('${md}')`, side.observed.unknown ?? `${server} did not say`);
}

function peer(server: unknown): string {
  find('servers', server);
  const others = memberNames(currentView()).filter((name) => name !== server);
  if (others.length !== 1 || others[0] === undefined) {
    throw new Error(`peer('${server}') needs a cluster of two servers`);
  }
  return others[0];
}

/** A sentence on one copy: what would be kept, or given up. */
function copyInWords(md: string, server: string): string {
  const side = currentView().mirrors[md]?.servers[server];
  if (!side) return `${server}: no such copy`;
  const time = (ms: number | null) => (ms === null ? 'not known' : new Date(ms).toISOString());
  if (side.observed.unknown) return `${server}: nothing is known (${side.observed.unknown})`;
  const changed = side.dirtyBytes === null ? 'an unknown amount' : `${side.dirtyBytes} bytes`;
  return (
    `${server}: ${side.color}, last update ${time(side.lastUpdate)}, ` +
    `break ${time(side.breakTime)}, ${changed} changed since, ` +
    `generation ${side.generation ?? 'none'}`
  );
}

function lossIfForced(md: unknown, survivor: unknown): string {
  find('mirrors', md);
  find('servers', survivor);
  const sides = Object.keys(currentView().mirrors[md as string]!.servers);
  const lost = sides.filter((server) => server !== survivor);
  const lines = [
    `kept:     ${copyInWords(md as string, survivor as string)}`,
    ...lost.map((server) => `given up: ${copyInWords(md as string, server)}`),
  ];
  return lines.join('\n');
}

function chosen(step: unknown): string {
  const option = currentScope().chosen[String(step)];
  if (option === undefined) throw unknownError(`chosen('${step}')`, 'nothing was chosen yet');
  return option;
}

type Configured = 'device' | 'dataDevice' | 'metaDevice' | 'mountPoint' | 'fileSystem';

/** What a clp.conf calls them. */
const IN_CONFIGURATION: Record<Configured & keyof TopologyVolume, string> = {
  device: 'nmppath',
  dataDevice: 'diskdev/dppath',
  metaDevice: 'diskdev/cppath',
  mountPoint: 'mount/point',
  fileSystem: 'fs',
};

function configured(md: unknown, field: Configured): string {
  const { topology } = currentScope();
  const what = `${IN_CONFIGURATION[field]} of ${md}`;
  if (!topology) throw unknownError(what, 'the configuration was not given');
  const volume = topology.volumes.find(({ name }) => name === md);
  if (!volume) {
    const known = topology.volumes.map(({ name }) => name);
    throw new Error(`there is no mirror '${md}'; ${suggestion(String(md), known)}`);
  }
  const value = volume[field];
  if (value === null) throw unknownError(what, 'not in the configuration');
  return value;
}

/**
 * A field, or what a map holds, compared with `words`: one of them is the vendor's for "not
 * known", which is let through. Put in by expressions-rewrite.ts, not by authors.
 */
function asSaid(record: unknown, key: unknown, words: unknown): CelValue {
  if (isCelList(record)) {
    const item = record.get(Number(key));
    if (item === undefined) throw new Error(`index ${String(key)} is not in the list`);
    return item;
  }
  if (!isCelMap(record)) throw new Error(`.${String(key)} of something that is no record`);
  const about = aboutRecord(record);
  if (!about) return take(record, String(key));
  const value = about.asSaid(String(key));
  if (isCelError(value)) throw value;
  const list: unknown[] = isCelList(words) ? [...words] : [words];
  return list.includes(value) ? (value as CelValue) : take(record, String(key));
}

/** `has(record.field)`: whether it holds something; whether it does may not be known. */
function isSaid(record: unknown, field: unknown): boolean {
  if (!isCelMap(record)) throw new Error(`.${String(field)} of something that is no record`);
  if (aboutRecord(record)) return take(record, String(field)) !== null;
  return record.has(field as string);
}

const fn = (name: string, arity: number, body: (...values: unknown[]) => unknown) =>
  celFunc(name, Array(arity).fill(DYN), DYN, body as never);

export const vocabulary = [
  fn('server', 1, (name) => find('servers', name)),
  fn('group', 1, (name) => find('groups', name)),
  fn('resource', 1, (name) => find('resources', name)),
  fn('monitor', 1, (name) => find('monitors', name)),
  fn('mirror', 1, (name) => find('mirrors', name)),
  fn('groupOf', 1, (name) => take(find('resources', name), 'group')),
  fn('active', 1, active),
  fn('peer', 1, peer),
  fn('lossIfForced', 2, lossIfForced),
  fn('chosen', 1, chosen),
  fn('dataPartition', 1, (md) => configured(md, 'dataDevice')),
  fn('clusterPartition', 1, (md) => configured(md, 'metaDevice')),
  fn('mirrorPartition', 1, (md) => configured(md, 'device')),
  fn('mountPoint', 1, (md) => configured(md, 'mountPoint')),
  fn('fileSystem', 1, (md) => configured(md, 'fileSystem')),
  fn('disk', 1, (md) => diskOf(configured(md, 'dataDevice'))),
  fn('asSaid', 3, asSaid),
  fn('isSaid', 2, isSaid),
  celMethod('on', RECORD, [DYN], DYN, function (this: CelMap, server) {
    return on(this, server) as never;
  }),
];
