/** The contract with OCF agents: limits that their meta-data demands, reasons, environment. */
import test from 'ava';
import { declaredMs, exitReason, ocfEnvironment, ocfLimitMs } from '../../src/core/ocf.ts';
import type { OcfCall } from '../../src/ports/ocf.ts';

const META = `<?xml version="1.0"?>
<!DOCTYPE resource-agent SYSTEM "ra-api-1.dtd">
<resource-agent name="Odd">
<!-- <action name="start" timeout="900s" /> -->
<actions>
<action name="start" timeout="20s" />
  <action timeout='90' name='stop'/>
  <action name="monitor" depth="0" timeout="40s" interval="20s" />
  <action name="monitor" depth="20" timeout="60s" interval="20s" />
  <action name="odd" timeout="soon" />
</actions>
</resource-agent>`;

const limits: [string, number, number | null, number][] = [
  ['start', 5000, 20_000, 20_000],
  ['start', 60_000, 20_000, 60_000],
  ['stop', 60_000, 90_000, 90_000],
  ['monitor', 1000, 60_000, 60_000],
  ['odd', 1000, null, 20_000],
  ['top', 1000, null, 20_000],
];

for (const [action, configured, declared, limit] of limits) {
  test(`${action} that may take ${configured} ms as configured may take ${limit}`, (t) => {
    t.is(declaredMs(META, action), declared);
    t.is(ocfLimitMs(META, action, configured), limit);
  });
}

const reasons: [string, string][] = [
  ['', ''],
  ['ERROR: no\nocf-exit-reason:first\nmore\nocf-exit-reason: last one \nrest', 'last one'],
  ['  ocf-exit-reason:not at the start', ''],
];

for (const [errors, expected] of reasons) {
  test(`the reason in ${JSON.stringify(errors)} is ${JSON.stringify(expected)}`, (t) => {
    t.is(exitReason(errors), expected);
  });
}

test('an agent is told what it is and how long it may take', (t) => {
  const call: OcfCall = {
    ...{ provider: 'heartbeat', agent: 'Filesystem', action: 'monitor', instance: 'fs1' },
    ...{ parameters: { device: '/dev/sdb1' }, intervalMs: 10_000, checkLevel: 20 },
  };
  t.deepEqual(ocfEnvironment(call, 60_000), {
    OCF_RESKEY_device: '/dev/sdb1',
    OCF_CHECK_LEVEL: '20',
    OCF_ROOT: '/usr/lib/ocf',
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_RESOURCE_INSTANCE: 'fs1',
    OCF_RESOURCE_TYPE: 'Filesystem',
    OCF_RESOURCE_PROVIDER: 'heartbeat',
    OCF_RESKEY_CRM_meta_interval: '10000',
    OCF_RESKEY_CRM_meta_timeout: '60000',
  });
});
