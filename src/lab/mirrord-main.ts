/** The program of a mirror agent. SIGTERM closes its mirrors in order; exit 0 says that it was. */

import { serveNbd } from '../adapters/nbd-server.ts';
import { nodeBulkFiles } from '../adapters/node-bulk-files.ts';
import { nodeFiles } from '../adapters/node-files.ts';
import { systemRandom } from '../adapters/system-random.ts';
import { MirrorAgent } from '../mirror/index.ts';
import { labDevices } from './lab-devices.ts';
import { socketPath } from './layout.ts';
import { endWithSupervisor, openPart } from './part.ts';

const RESET_TIMEOUT_MS = 5000;

const world = openPart('agent');
const { layout, server, wire } = world;
endWithSupervisor();

/** Loaded where they are needed: a lab without real mounts does without. */
async function fileSystems() {
  if (!world.lab.realMounts) return {};
  const { labFileSystems } = await import('./file-systems.ts');
  return { fileSystems: labFileSystems(layout) };
}

const agent = new MirrorAgent({
  ...world,
  random: systemRandom(),
  devices: labDevices(layout),
  ...(await fileSystems()),
  exports: { open: (device) => serveNbd(socketPath(layout, device.name), device) },
  files: nodeFiles(layout.root),
  bulk: nodeBulkFiles(layout.root),
  // v3 10.8: an error of the mirror's own disk resets the server.
  onDiskError: (mirror: string, why: string) => {
    const body = { do: 'reset', why: `disk error of ${mirror}: ${why}` };
    wire.request({ server, part: 'host' }, body, RESET_TIMEOUT_MS).catch(() => undefined);
  },
});
// An agent that cannot let go of a mirror says so in the log, and runs on.
process.on('SIGTERM', () => {
  agent.close().then(
    () => process.exit(0),
    () => undefined,
  );
});
await agent.start();
await world.transport.register(['agent']);
