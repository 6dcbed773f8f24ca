/** Action at NP Occurrence (x5 2.12.10), by its number in the file. */
import test from 'ava';
import {
  impactOf,
  parseClusterConfiguration,
  partitionAction,
  writeClusterConfiguration,
} from '../../src/config/index.ts';
import { madeCluster } from '../support/made-cluster.ts';

const read = (text: string) => parseClusterConfiguration(text, 'clp.conf');

for (const [number, action] of [
  'none',
  'stopDaemon',
  'stopDaemonAndShutdown',
  'stopDaemonAndReboot',
  'sysrqPanic',
  'keepaliveReset',
  'keepalivePanic',
  'bmcReset',
  'bmcPowerOff',
  'bmcPowerCycle',
  'bmcNmi',
  'ioFencing',
].entries()) {
  test(`${number} is ${action}, and goes back as it came`, (t) => {
    const text = madeCluster(['x5', 'np=pingnp', `action=${number}`]);
    t.is(partitionAction(read(text)), action as never);
    t.is(writeClusterConfiguration(read(text), text), text);
  });
}

test('left out, a server that is cut off stops and shuts down', (t) => {
  const config = read(madeCluster(['x5', 'np=pingnp']));
  t.is(config.partitionAction, undefined);
  t.is(partitionAction(config), 'stopDaemonAndShutdown');
});

test('another number than 0 to 11 is refused by its place', (t) => {
  const error = t.throws(() => read(madeCluster(['x5', 'action=12'])));
  t.regex(error.message, /networkpartition\/npaction|"12"/);
});

test('a changed action is written, and wants the cluster suspended', (t) => {
  const text = madeCluster(['x5', 'np=pingnp', 'action=3']);
  const before = read(text);
  const after = { ...before, partitionAction: 'ioFencing' as const };
  const written = writeClusterConfiguration(after, text);
  t.is(read(written).partitionAction, 'ioFencing');
  t.is(written, text.replace('<npaction>3<', '<npaction>11<'));
  t.is(impactOf(text, written).level, 'suspend');
});
