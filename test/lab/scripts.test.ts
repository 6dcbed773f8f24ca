/** Scripts of exec resources on live servers: what they are told, what they print, how they end. */
import { existsSync, readFileSync } from 'node:fs';
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

/** failover2 has an address in a cloud, too, which a script of the operator's own sees to. */
function inCloud(text: string): string {
  return text
    .replace('<resource name="exec@exec2"/>', '<resource name="awsvip@cloud2"/>$&')
    .replace(
      '<types name="exec"/>',
      '<types name="awsvip"/><awsvip name="cloud2"><parameters><ip>10.1.0.7</ip></parameters></awsvip>$&',
    )
    .replace(
      '<types name="userw"/>',
      `<types name="awsvipw"/><awsvipw name="cloudw2"><target>cloud2</target>
      <polling><interval>0.2</interval></polling><parameters><object>cloud2</object></parameters></awsvipw>$&`,
    );
}

const AGENT = `#!/bin/bash
echo "$CLP_ACTION $CLP_RESOURCENAME of $CLP_TYPE at $CLP_PARAMETER_IP in $CLP_GROUPNAME"
`;
const MONITOR_AGENT = '#!/bin/bash\necho "$CLP_ACTION $CLP_OBJECT for $CLP_MONITORNAME"\n';

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
    configText: inCloud(impatient()),
    agents: { 'awsvip.sh': AGENT, 'awsvipw.sh': MONITOR_AGENT },
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

test.serial('a type that is not built in is run by the script for it', async (t) => {
  const seen = await untilStatus(
    lab,
    'its monitor has looked',
    ({ monitors }) => monitors.cloudw2?.servers.server1?.state === 'Normal',
  );
  t.is(seen.resources.cloud2?.state, 'Online');
  const output = join(place.lab, 'servers', 'server1', 'log', 'scripts');
  const said = (name: string) =>
    readFileSync(join(output, `_opt_nec_clusterpro_scripts_agent.s_${name}.sh.log`), 'utf8');
  t.is(said('awsvip'), 'start cloud2 of awsvip at 10.1.0.7 in failover2\n');
  await t.notThrowsAsync(async () => {
    for (let left = 200; left > 0 && said('awsvipw') === ''; left -= 1) await lab.status();
  });
  t.is(said('awsvipw'), 'monitor cloud2 for cloudw2\n');
});

test.serial('a type that nothing runs is refused before anything is made', async (t) => {
  const folder = join(place.lab, '..', 'nowhere');
  const error = await t.throwsAsync(labUp({ folder, configText: inCloud(fixture('v3le')) }));
  t.is(error?.message, 'resource cloud2 is of type awsvip, which cannot be run');
  t.regex(JSON.stringify(error), /agent\.s\/awsvip\.sh/);
  t.false(existsSync(folder));
});
