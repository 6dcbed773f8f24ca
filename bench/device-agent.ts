/**
 * A mirror agent for the device benchmark: the real one over real disks' images, its connection a
 * plain socket on loopback. Started by device.ts with its orders as JSON; requests come by IPC.
 */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { openFileBlockStore } from '../src/adapters/file-block-store.ts';
import { serveNbd } from '../src/adapters/nbd-server.ts';
import { nodeBulkFiles } from '../src/adapters/node-bulk-files.ts';
import { nodeFiles } from '../src/adapters/node-files.ts';
import { systemClock } from '../src/adapters/system-clock.ts';
import { systemRandom } from '../src/adapters/system-random.ts';
import { tcpWire } from '../src/adapters/tcp-wire.ts';
import { parseClusterConfiguration } from '../src/config/index.ts';
import type { Json } from '../src/core/json.ts';
import { formatConstructed, MirrorAgent } from '../src/mirror/index.ts';
import { WireError } from '../src/ports/wire.ts';
import { fixtureText } from './lab.ts';

export interface AgentOrders {
  server: 'server1' | 'server2';
  folder: string;
  partitionBytes: number;
  dataBytes: number;
  key: string;
}

const orders = JSON.parse(process.argv[2] ?? '{}') as AgentOrders;
const { server, folder, dataBytes, partitionBytes } = orders;
const config = parseClusterConfiguration(fixtureText('v3le'), 'v3le.clp.conf');
const clock = systemClock();

let peerPort = 0;
let onConnection: (socket: Socket, peer: string) => void = (socket) => socket.destroy();
const listener = createServer({ noDelay: true }, (socket) => onConnection(socket, '127.0.0.1'));
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));

const wire = tcpWire({
  server,
  part: 'agent',
  key: Buffer.from(orders.key, 'hex'),
  lans: ['lan0'],
  clock,
  transport: {
    dial: (to) =>
      new Promise((resolve, reject) => {
        if (peerPort === 0 || to.part !== 'agent') {
          reject(new WireError('refused', `nobody listens at ${to.server}/${to.part}`));
          return;
        }
        const socket = connect({ host: '127.0.0.1', port: peerPort, noDelay: true });
        socket.once('connect', () => resolve(socket));
        socket.once('error', (error) => reject(new WireError('refused', error.message)));
      }),
    onConnection: (fn) => {
      onConnection = fn;
    },
    reaches: async () => true,
    sendDatagram: () => {},
    onDatagram: () => {},
    close: () => listener.close(),
  },
});
wire.serve('host', async () => ({ disks: {}, text: null }));

const paths: Record<string, [string, number]> = {
  '/dev/sdb1': [join(folder, 'cp'), partitionBytes],
  '/dev/sdb2': [join(folder, 'dp'), dataBytes],
};
const devices = {
  open: (device: string) => {
    const [image = '', sizeBytes = 0] = paths[device] ?? [];
    const fault = () => null;
    return openFileBlockStore({ device, image, offset: 0, sizeBytes, readOnly: false, fault });
  },
};
const partition = await devices.open('/dev/sdb1');
await formatConstructed(partition, 'md1', dataBytes, 'g0');
await partition.close();

const agent = new MirrorAgent({
  server,
  config,
  clock,
  wire,
  devices,
  random: systemRandom(),
  files: nodeFiles(folder),
  bulk: nodeBulkFiles(folder),
  edition: { next: () => undefined },
  log: () => {},
  exports: { open: (device) => serveNbd(join(folder, 'nbd'), device) },
  onDiskError: (_mirror: string, why: string) => process.stderr.write(`${why}\n`),
});
await agent.start();

type Message = { peer: number } | { id: number; ask: Json };

process.on('message', (message: Message) => {
  if ('peer' in message) {
    peerPort = message.peer;
    return;
  }
  wire.request({ server, part: 'agent' }, message.ask, 60_000).then(
    (reply) => process.send?.({ id: message.id, reply }),
    (error: unknown) => process.send?.({ id: message.id, error: String(error) }),
  );
});
process.once('disconnect', () => process.exit(0));
process.send?.({ port: (listener.address() as AddressInfo).port });
