/**
 * Cables that are out of a server's interface, and who reserved a disk that several servers reach:
 * a status tells both, in words too, and a twin made of it has the same.
 */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import test from 'ava';
import { wordsOf } from '../../src/cli/cluster/status.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';

const path = (name: string) => new URL(`../../${name}`, import.meta.url);
const configText = readFileSync(path('fixtures/clusters/x5shared.clp.conf'), 'utf8');
const schema = JSON.parse(readFileSync(path('src/schema/status.schema.json'), 'utf8')) as object;
const isStatus = new Ajv({ strict: false }).compile(schema);

const LONG_MS = 10_000;

async function pull(twin: Twin, server: string, net: string, isOut = true): Promise<void> {
  const body = { do: isOut ? 'cable.pull' : 'cable.plug', net };
  await twin.ask(server, 'bmc', body, LONG_MS);
  await twin.advance(LONG_MS);
}

const cablesOf = ({ expresscluster }: Status) =>
  Object.values(expresscluster!.servers).map(({ unplugged }) => unplugged);

const linesWith = (status: Status, ...words: string[]) =>
  wordsOf(status)
    .split('\n')
    .filter((line) => words.some((word) => line.includes(word)))
    .map((line) => line.replace(/ +/g, ' ').trim());

const reservedWhile = (home: string) => [
  'SN-server1-server2-sdc-1 not reserved /dev/sdc of server1, /dev/sdc of server2',
  'SN-server1-server2-sdd-1 reserved by server2 /dev/sdd of server1, /dev/sdd of server2',
  `SN-server1-server2-vg1-data-1 reserved by ${home} /dev/vg1/data of server1, /dev/vg1/data of server2`,
  'SN-server1-server2-vx-dsk-dg1-vol1-1 reserved by server2 /dev/vx/dsk/dg1/vol1 of server1, /dev/vx/dsk/dg1/vol1 of server2',
];

test('a status tells which cables are out and who reserved a shared disk', async (t) => {
  const twin = await buildTwin({ configText, seed: 'seen' });
  await twin.up();
  const before = await twin.look();
  t.deepEqual(cablesOf(before), [undefined, undefined]);
  t.deepEqual(linesWith(before, 'cable of', 'reserved'), reservedWhile('server1'));
  await pull(twin, 'server2', 'lan0');
  const seen = await twin.look();
  t.true(isStatus(seen), JSON.stringify(isStatus.errors));
  t.deepEqual(cablesOf(seen), [undefined, ['lan0']]);
  const [row, ...more] = linesWith(seen, 'cable of');
  t.regex(row!, /^server2 Online .* lankhb1 to server1 Error, .*, cable of lan0 out /);
  t.deepEqual(more, []);
  await twin.exec('server1', ['clpgrp', '-m', 'failover1', '-a', 'server2']);
  await twin.atRest();
  t.deepEqual(linesWith(await twin.look(), 'reserved'), reservedWhile('server2'));
});

test('in a twin of such a status the cable is out, and whoever puts it in heals the net', async (t) => {
  const twin = await buildTwin({ configText, seed: 'cluster' });
  await twin.up();
  await pull(twin, 'server2', 'lan0');
  const copy = await buildTwin({ configText, seed: 'twin', from: await twin.look() });
  t.deepEqual(cablesOf(await copy.look()), [undefined, ['lan0']]);
  await pull(copy, 'server2', 'lan0', false);
  const seen = await copy.look();
  t.deepEqual(cablesOf(seen), [undefined, undefined]);
  t.deepEqual(linesWith(seen, 'Error'), []);
});
