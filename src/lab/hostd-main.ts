/**
 * The program of a host supervisor: a server's chassis and operating system. It lives as long as
 * the lab, whatever happens to the server's power.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OWNER_ONLY, writeDurablySync } from '../adapters/durable-file.ts';
import { fileLog } from '../adapters/file-log.ts';
import { tailLog } from '../adapters/log-tail.ts';
import { nodeFiles } from '../adapters/node-files.ts';
import { processMachinery } from '../adapters/process-machinery.ts';
import { isLoopback, smtpMail } from '../adapters/smtp-mail.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { systemRandom } from '../adapters/system-random.ts';
import { commandNames } from '../commands/load.ts';
import { driveHost, type HostStore } from '../host/drive.ts';
import { type Hardware, type HostState, OLD_WORDS } from '../host/state.ts';
import {
  plugIn,
  processEnvironment,
  type ServerSurroundings,
  serverMarks,
  serverSurroundings,
} from './environment.ts';
import { labDevices, readHostState, showFaults } from './lab-devices.ts';
import { labOutside } from './lab-outside.ts';
import { editionPath } from './layout.ts';
import { LASTING_ENVIRONMENT, lastingProgram, programPath } from './place.ts';
import { systemDisk } from './system-disk.ts';

const nothing = async () => undefined;
const NO_SYSTEM = new Set(['poweredOff', 'booting', 'down']);

function hostStore({ layout }: ServerSurroundings, onPower: (on: boolean) => void): HostStore {
  let stored = readHostState(layout);
  return {
    load: () => stored,
    save(state: HostState) {
      writeDurablySync(layout.host, JSON.stringify(state), { mode: OWNER_ONLY });
      showFaults(layout, stored, state);
      stored = state;
      if (!NO_SYSTEM.has(String(state.node.value))) onPower(true);
    },
  };
}

async function main(): Promise<void> {
  const around = serverSurroundings(process.argv[2]);
  const { server, layout, lab, folder } = around;
  const clock = systemClock();
  const { wire, transport } = plugIn(around, server, 'host', clock);
  const marks = serverMarks(lab.id, server);
  let isOn = true;
  const setPower = async (on: boolean) => {
    if (on === isOn) return;
    isOn = on;
    await transport.ask({ do: 'power', server, on });
  };
  // Loaded where it is needed: a server without real mounts does without.
  const takeOff = async () => {
    const { takeOffAll } = await import('../adapters/kernel-mounts.ts');
    await takeOffAll([layout.root, layout.run]);
  };
  const hardware = JSON.parse(readFileSync(layout.hardware, 'utf8')) as Hardware;
  mkdirSync(layout.log, { recursive: true, mode: 0o700 });
  const machinery = processMachinery({
    node: process.execPath,
    programs: { agent: lastingProgram('mirrord'), daemon: lastingProgram('clusterd') },
    partEnv: LASTING_ENVIRONMENT,
    commandProgram: programPath('command'),
    commandNames: new Set(commandNames),
    env: processEnvironment({ folder, lab: lab.id, server }),
    marks,
    disks: layout.disks,
    sharedDisks: layout.sharedDisks,
    systemDisk: systemDisk(
      layout,
      hardware.manual ?? OLD_WORDS,
      lab.realMounts ? takeOff : nothing,
    ),
    setCable: (net, up) => void transport.ask({ do: 'cable', server, net, up }),
    logs: layout.log,
    editions: {
      agent: editionPath(layout, 'agent'),
      daemon: editionPath(layout, 'daemon'),
    },
    beforeKill: () => setPower(false),
    ...(lab.realMounts ? { afterKill: takeOff } : {}),
  });
  await transport.register(['host', 'bmc']);
  await setPower(false);
  transport.onSwitchGone(() => process.exit(1));
  const path = join(layout.log, 'system.log');
  const host = driveHost({
    server,
    hardware,
    clock,
    random: systemRandom(),
    wire,
    machinery,
    keep: hostStore(around, (on) => void setPower(on)),
    files: nodeFiles(layout.root),
    devices: labDevices(layout),
    outside: labOutside(layout.outside),
    mail: smtpMail(isLoopback),
    log: fileLog(path).log,
  });
  // Its parts are processes of their own; what they say is read from the file that all of them write.
  tailLog(path, host.report);
  process.send?.({ ready: true });
  process.disconnect?.();
}

await main();
