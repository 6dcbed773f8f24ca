/**
 * Every record of a status says who told it and when, or why nothing is known, whatever is broken;
 * and what is not known is never dressed up as a value. Asked of twins with faults drawn at random.
 */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import test from 'ava';
import fc from 'fast-check';
import type { Json } from '../../src/core/json.ts';
import { expressClusterView as viewOf } from '../../src/runbook/language/expressions/expresscluster.ts';
import type { Observed, Status } from '../../src/schema/generated/status.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';
import { upgradeStatus } from '../support/upgrade-status.ts';

const root = new URL('../../', import.meta.url);
function fitting(name: string) {
  const schema = JSON.parse(readFileSync(new URL(`src/schema/${name}`, root), 'utf8'));
  return new Ajv({ allErrors: true, strict: false }).compile(schema);
}

const isStatus = fitting('status.schema.json');
const isView = fitting('status-1.schema.json');

/** Looking takes a moment for each part; nothing in a status may be older than that. */
const OLDEST_MS = 5_000;

const IDENTITY = new Set(['name', 'id', 'type', 'comment', 'group']);

function isObserved(value: unknown): value is Observed {
  return typeof value === 'object' && value !== null && 'unknown' in value && 'by' in value;
}

/** What is wrong with the provenance of a record, and of the records in it. */
function faults(value: Json, path: string, takenAt: number, isCovered: boolean): string[] {
  if (typeof value !== 'object' || value === null) {
    return isCovered || value === null ? [] : [`${path}: nobody told it`];
  }
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => faults(item, `${path}[${index}]`, takenAt, isCovered));
  }
  const wrong: string[] = [];
  const own = Object.entries(value).filter(([, field]) => isObserved(field));
  for (const [name, field] of own) {
    const { by, at, unknown } = field as unknown as Observed;
    const isKnown = unknown === null && by !== null && at !== null;
    const isUnknown = unknown !== null && unknown !== '' && by === null && at === null;
    if (!isKnown && !isUnknown) wrong.push(`${path}.${name}: neither a source nor a reason`);
    if (isKnown && (at > takenAt || takenAt - at > OLDEST_MS)) wrong.push(`${path}.${name}: age`);
  }
  for (const [name, field] of Object.entries(value)) {
    // What it is called stands in the configuration, like the cluster's own record.
    if (isObserved(field) || IDENTITY.has(name)) continue;
    wrong.push(...faults(field as Json, `${path}.${name}`, takenAt, isCovered || own.length > 0));
  }
  return wrong;
}

/** What only this kind of cluster has is as observed of the record that it belongs to, or configured. */
function provenance(status: Status): string[] {
  const { schema: _, kind: _kind, takenAt, expresscluster, ...rest } = status;
  const all = { ...rest, timeoutRatio: expresscluster?.timeoutRatio };
  return faults(all as unknown as Json, 'status', takenAt, false);
}

/** Values of a record about which nothing is known. */
function dressedUp(status: Status): string[] {
  const { servers, volumes, leases, monitors, expresscluster } = status;
  const wrong: string[] = [];
  const expect = (path: string, { unknown }: Observed, values: unknown[]) => {
    if (unknown === null) return;
    if (values.some((value) => value !== null)) wrong.push(`${path}: ${JSON.stringify(values)}`);
  };
  for (const [name, { system, power, membership }] of Object.entries(servers)) {
    const own = expresscluster?.servers[name];
    const { services, disks, mounts, addresses, operations } = system;
    expect(`${name} host`, system.observed, [services, disks, mounts, addresses, operations]);
    expect(`${name} host`, system.observed, [own?.runLevel, own?.medium]);
    expect(`${name} power`, power.observed, [power.state, own?.bays, own?.images]);
    const { observed, software, state, word, maintenance, links } = membership;
    expect(`${name} daemon`, observed, [software, state, word, maintenance, links]);
    if (state !== null && word === null) wrong.push(`${name}: a state that nobody said`);
  }
  for (const [name, lease] of Object.entries(leases)) {
    expect(`lease of ${name}`, lease.observed, [lease.holder, lease.token]);
  }
  for (const { name, copies } of Object.values(volumes)) {
    for (const [server, copy] of Object.entries(copies)) {
      const { role, newest, generation, outOfSyncBytes, state, word, connection } = copy;
      const own = Object.values(expresscluster?.mirrors[name]?.[server] ?? { own: 'missing' });
      const values = [newest, generation, outOfSyncBytes, state, word, connection.state, ...own];
      expect(`${name} on ${server}`, copy.observed, values);
      // A copy whose agent is known to be stopped serves nobody: that alone is known of it.
      const isStopped = copy.observed.unknown?.endsWith('is stopped') ?? false;
      expect(`${name} on ${server}`, copy.observed, [
        isStopped && role === 'secondary' ? null : role,
      ]);
    }
  }
  for (const { name, servers: sides } of Object.values(monitors)) {
    for (const [server, side] of Object.entries(sides)) {
      expect(`${name} on ${server}`, side.observed, [side.state, side.word]);
    }
  }
  return wrong;
}

const FAULTS: Record<string, (twin: Twin) => Promise<unknown> | unknown> = {
  'server1 killed': (twin) => twin.faults.killServer('server1'),
  'server2 killed': (twin) => twin.faults.killServer('server2'),
  'server2 frozen': (twin) => twin.faults.freeze('server2'),
  'server1 out of reach': (twin) => twin.faults.cut('control', 'control', 'server1'),
  'server2 out of reach': (twin) => twin.faults.cut('control', 'control', 'server2'),
  'no mirror connect': (twin) => twin.faults.cut('mdc400', 'server1', 'server2'),
  'no interconnect': (twin) => twin.faults.cut('*', 'server1', 'server2'),
  'a disk failed': (twin) => twin.faults.failDisk('server2', '/dev/sdb'),
  'a daemon killed': (twin) => twin.faults.killProcess('server2', 'daemon'),
  'an agent killed': (twin) => twin.faults.killProcess('server1', 'agent'),
  'one answers late': (twin) => twin.faults.delay('control', 'control', 'server2', 700),
};

for (const name of ['v3le', 'x5mirror']) {
  test(`${name}: every field has a source and an age, or says unknown`, async (t) => {
    const file = new URL(`fixtures/clusters/${name}.clp.conf`, root);
    const configText = readFileSync(file, 'utf8');
    const broken = fc.subarray(Object.keys(FAULTS), { minLength: 1, maxLength: 3 });
    const given = fc.record({ broken, waitMs: fc.integer({ min: 0, max: 4_000 }) });
    await fc.assert(
      fc.asyncProperty(given, async ({ broken: names, waitMs }) => {
        const twin = await buildTwin({ configText, seed: names.join() });
        await twin.up();
        for (const one of names) await twin.run(Promise.resolve(FAULTS[one]!(twin)));
        await twin.advance(waitMs);
        const status = await twin.status();
        t.true(isStatus(status), JSON.stringify(isStatus.errors));
        t.deepEqual([...provenance(status), ...dressedUp(status)], [], names.join(', '));
        // In the words of the runbooks nothing is lost of it.
        t.true(isView(viewOf(status)), JSON.stringify(isView.errors));
        t.deepEqual(upgradeStatus(viewOf(status)), status);
      }),
      { numRuns: 12, seed: 1 },
    );
  });
}
