/** Scripts of exec resources on live servers: what they are told, what they print, how they end. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { buildPrograms } from '../../scripts/build.ts';
import { findByEnvironment } from '../../src/adapters/process-table.ts';
import { type Lab, labDown, labUp } from '../../src/lab/lab.ts';
import { fixture, makePlace, untilStatus } from './support.ts';

const place = makePlace();
let lab: Lab;

/** Starts everywhere; away from home it hangs, and so does what it left in the background. */
const HANGING = `#!/bin/bash
echo "$CLP_EVENT of $CLP_RESOURCENAME in $CLP_GROUPNAME, $CLP_SERVER"
[ "$CLP_SERVER" = HOME ] && exit 0
( while :; do :; done ) &
while :; do :; done
`;
const STOP = '#!/bin/bash\nexit 0\n';
const FAILING = '#!/bin/bash\n[ "$CLP_SERVER" = HOME ] && exit 0\nexit 3\n';

/** exec2 may take a second to start. */
function impatient(): string {
  const text = fixture('v3le');
  const at = text.indexOf('<exec name="exec2">');
  const tail = text.slice(at).replace('<start>30</start>', '<start>1</start>');
  return text.slice(0, at) + tail;
}

function scripts(start: string): Record<string, string> {
  return {
    'failover1/exec1/start.sh': FAILING,
    'failover1/exec1/stop.sh': STOP,
    'failover2/exec2/start.sh': start,
    'failover2/exec2/stop.sh': STOP,
    'monitor.s/genw1/genw.sh': STOP,
  };
}

function systemLog(server: string): string {
  return readFileSync(join(place.lab, 'servers', server, 'log', 'system.log'), 'utf8');
}

test.before(async () => {
  await buildPrograms();
  lab = await labUp({
    folder: place.lab,
    configText: impatient(),
    scripts: scripts(HANGING),
    dataBytes: 1024 * 1024,
  });
});

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

function running(resource: string): number {
  return findByEnvironment({ DRYDOCK_LAB_FOLDER: lab.folder, CLP_RESOURCENAME: resource }).length;
}

test.serial(
  'a script beyond its time is killed with all it started, and said to have stalled',
  async (t) => {
    const moved = await lab.exec('server1', ['clpgrp', '-m', 'failover2', '-a', 'server2']);
    t.not(moved.exitCode, 0);
    t.not(moved.stderr, '');
    // v3 10.4: what cannot be started on one server fails over, here back to where it can.
    const seen = await untilStatus(
      lab,
      'it is back',
      ({ groups }) => groups.failover2?.state === 'Online',
    );
    t.is(seen.groups.failover2?.current, 'server1');
    t.regex(systemLog('server2'), /exec2 failed\. \(99: command is timeout\)/);
    t.is(running('exec2'), 0);
    const output = join(place.lab, 'servers', 'server2', 'log', 'scripts');
    const log = readFileSync(
      join(output, `_opt_nec_clusterpro_scripts_failover2_exec2_start.sh.log`),
    );
    t.regex(log.toString(), /^START of exec2 in failover2, OTHER$/m);
  },
);

test.serial('a script that ends with a code is a failure that says so', async (t) => {
  const moved = await lab.exec('server1', ['clpgrp', '-m', 'failover1', '-a', 'server2']);
  t.not(moved.exitCode, 0);
  await untilStatus(lab, 'it is back', ({ groups }) => groups.failover1?.current === 'server1');
  t.regex(systemLog('server2'), /exec1 failed\. \(1: Termination code 3 was returned\.\)/);
});
