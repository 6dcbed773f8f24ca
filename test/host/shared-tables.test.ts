/** The partition table of a shared disk: written by one server, in force on another from its next boot. */
import test from 'ava';
import { initialHost } from '../../src/host/state.ts';
import { Chassis, hardware } from './harness.ts';

const SERIAL = 'SN-both-1';
const KEY = `table ${SERIAL}`;

/** A server that reaches a shared disk, with its power off. */
function beside(): Chassis {
  const made = hardware();
  const disk = {
    ...made.disks['/dev/sdb']!,
    serial: SERIAL,
    shared: true as const,
    partitions: [],
  };
  const disks = { ...made.disks, '/dev/sdc': disk };
  const host = new Chassis(initialHost({ ...made, disks }, 'server1'));
  host.take({ type: 'part.started', bootId: 'feed' });
  for (const serial of ['SN-server1-sdb-1', SERIAL]) host.take({ type: 'disk.created', serial });
  return host;
}

function boot(host: Chassis): string[] {
  const effects = host.ask('bmc', { do: 'power.on', singleUser: true });
  host.fire('boot');
  return effects;
}

const partitions = [{ number: 1, sizeBytes: 65_536, offsetBytes: 1_048_576 }];

test('what one server writes another reads as it boots', (t) => {
  const [writer, reader] = [beside(), beside()];
  boot(writer);
  writer.ask('host', { do: 'partition', device: '/dev/sdc', partitions });
  const written = writer.effects.find(({ type }) => type === 'askOutside');
  t.like(written, { op: 'take', key: KEY });
  const text = written?.type === 'askOutside' ? written.text : null;
  const effects = reader.ask('bmc', { do: 'power.on', singleUser: true });
  t.true(effects.includes(`askOutside table:/dev/sdc look ${KEY} `), effects.join('\n'));
  reader.take({ type: 'outside.said', id: 'table:/dev/sdc', text });
  reader.fire('boot');
  t.like(reader.state.disks['/dev/sdc'], { label: 'dos', partitions });
});

test('a disk that nobody divided since it came is as the server knows it; its own are nobody’s affair', (t) => {
  const host = beside();
  const before = host.state.disks;
  t.is(boot(host).filter((line) => line.startsWith('askOutside')).length, 1);
  host.take({ type: 'outside.said', id: 'table:/dev/sdc', text: null });
  t.deepEqual(host.state.disks, before);
  host.ask('host', { do: 'partition', device: '/dev/sdb', partitions });
  t.false(host.effects.some(({ type }) => type === 'askOutside'));
});
