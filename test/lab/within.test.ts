/** What stays within a server does not pass the switch. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { tcpWire } from '../../src/adapters/tcp-wire.ts';
import type { PartName } from '../../src/core/part.ts';
import { LabTransport } from '../../src/lab/lab-transport.ts';
import { WireError } from '../../src/ports/wire.ts';
import { clock, startNet } from './net.ts';

/** For what must be answered: a busy machine can take seconds to do so. */
const PATIENT_MS = 20_000;

async function server(t: ExecutionContext, below = '') {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-within-'));
  const net = await startNet();
  const { place, key } = net;
  const wires: { close(): void }[] = [];
  t.teardown(() => {
    for (const wire of wires) wire.close();
    net.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const plug = (part: PartName) => {
    const sockets = join(folder, below);
    const self = { server: 'server1', part };
    const transport = new LabTransport({ self, place, key, sockets });
    const wire = tcpWire({ ...self, key, transport, lans: ['lan0'], clock });
    wires.push(wire);
    return { wire, transport };
  };
  const carried = () => net.hub.links.carried().filter((one) => one.net === 'local');
  return { folder, net, plug, carried };
}

const to = (part: PartName) => ({ server: 'server1', part });

test('a part is asked on its own socket, the controller on the host’s', async (t) => {
  const { plug, carried } = await server(t);
  const host = plug('host');
  const agent = plug('agent');
  agent.wire.serve('agent', async (from, body) => ({ from: from.part, body }));
  host.wire.serve('bmc', async () => 'the chassis');
  await agent.transport.register(['agent']);
  await host.transport.register(['host', 'bmc']);
  const answer = await host.wire.request(to('agent'), { do: 'status' }, PATIENT_MS);
  t.deepEqual(answer, { from: 'host', body: { do: 'status' } });
  t.is(await agent.wire.request(to('bmc'), {}, PATIENT_MS), 'the chassis');
  t.deepEqual(carried(), []);
});

test('a part that is gone refuses, and one that comes back is found', async (t) => {
  const { folder, plug } = await server(t);
  const host = plug('host');
  const asked = () => host.wire.request(to('daemon'), {}, PATIENT_MS);
  const refused = { instanceOf: WireError, code: 'refused' };
  await t.throwsAsync(asked, refused);
  // What a program that was killed leaves there.
  writeFileSync(join(folder, 'daemon.sock'), '');
  await t.throwsAsync(asked, refused);
  const daemon = plug('daemon');
  daemon.wire.serve('daemon', async () => 'here');
  await daemon.transport.register(['daemon']);
  t.is(await asked(), 'here');
});

test('where a path is too long for a socket, the switch carries it', async (t) => {
  const { plug, carried } = await server(t, 'long/'.repeat(20));
  const host = plug('host');
  const daemon = plug('daemon');
  daemon.wire.serve('daemon', async () => 'here');
  await daemon.transport.register(['daemon']);
  t.is(await host.wire.request(to('daemon'), {}, PATIENT_MS), 'here');
  t.true(carried().length > 0);
});
