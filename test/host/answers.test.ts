/**
 * Whoever asks is answered once, whatever happens to the server meanwhile: under each kind of order,
 * power and processes go at every point, and then everything ends that was begun.
 */
import test from 'ava';
import type { Json } from '../../src/core/json.ts';
import type { PartName } from '../../src/core/part.ts';
import { type HostEffect, type HostEvent, initialHost } from '../../src/host/state.ts';
import { booted, Chassis, hardware } from './harness.ts';

/** What the world answers to an effect; null: nothing. */
function endOf(effect: HostEffect): HostEvent | null {
  switch (effect.type) {
    case 'killAll':
      return { type: 'processes.gone' };
    case 'createDisk':
      return { type: 'disk.created', serial: effect.serial };
    case 'copyDisk':
      return { type: 'disk.copied', to: effect.to };
    case 'stopProcess':
      return { type: 'process.exited', process: effect.process, code: 0, signal: null };
    case 'spawnCommand': {
      const end = { exitCode: 0, answered: [] };
      return { type: 'command.ended', operation: effect.run.operation, end };
    }
    case 'readFile':
      return { type: 'file.read', id: effect.id, text: null };
    case 'writeFile':
      return { type: 'file.written', id: effect.id, body: {} };
    case 'readFacts': {
      const facts = { configHash: null, mirrorBreaks: {} };
      return { type: 'facts.read', id: effect.id, facts };
    }
    case 'readDevice':
      return { type: 'device.read', id: effect.id, body: { data: '' } };
    case 'clearDevice':
      return { type: 'device.cleared', id: effect.id, body: { sizeBytes: 0 } };
    default:
      return null;
  }
}

/** A server whose world ends what it begins, one event at a time, when told to. */
class World {
  readonly chassis: Chassis;
  readonly due: HostEvent[] = [];
  readonly answers: string[] = [];

  constructor(chassis: Chassis) {
    this.chassis = chassis;
  }

  ask(to: PartName, body: Json): void {
    this.chassis.ask(to, body);
    this.#collect();
  }

  #collect(): void {
    for (const effect of this.chassis.effects) {
      const event = endOf(effect);
      if (event) this.due.push(event);
      if (effect.type === 'sendReply' || effect.type === 'refuseRequest') {
        this.answers.push(effect.id);
      }
    }
  }

  /** The next thing ends, or the earliest timer fires; false when nothing is left but the beats. */
  next(): boolean {
    const event = this.due.shift();
    if (event) this.chassis.take(event);
    else {
      const timers = [...this.chassis.timers].filter(([id]) => id !== 'announce');
      const [first] = timers.toSorted((a, b) => a[1] - b[1]);
      if (!first) return false;
      this.chassis.fire(first[0]);
    }
    this.#collect();
    return true;
  }
}

const exec = { do: 'exec', operation: 'o1', argv: ['true'], timeoutMs: 1000 };

const LOOK = { do: 'look', withinMs: 800 };

/** Orders that are not answered at once, and on which server. */
const ORDERS: [string, () => Chassis, PartName, Json][] = [
  [
    'an image is taken',
    () => booted(true),
    'bmc',
    { do: 'disk.image.take', image: 'a', system: false },
  ],
  ['an image is restored', () => imaged(), 'bmc', { do: 'disk.image.restore', image: 'a' }],
  ['a disk is replaced', () => pluggable(), 'bmc', { do: 'disk.replace', device: '/dev/sdb' }],
  ['the power is cut', () => booted(), 'bmc', { do: 'power.cut' }],
  ['a command runs', () => booted(), 'host', exec],
  ['a service stops', () => booted(), 'host', { do: 'service', name: 'clusterpro', op: 'stop' }],
  [
    'an address is taken',
    () => booted(),
    'host',
    { do: 'address', op: 'add', address: '10.0.0.9' },
  ],
  ['a file is read', () => booted(), 'host', { do: 'files', op: 'read', path: '/a' }],
  ['a file is written', () => booted(), 'host', { do: 'files', op: 'write', path: '/a', text: '' }],
  ['the view is asked for', () => booted(), 'host', { do: 'status' }],
  ['the host is asked for a look', () => booted(), 'host', LOOK],
  ['the controller is asked for a look', () => booted(), 'bmc', LOOK],
  ['the controller is asked for a look while it hangs', () => hanging(), 'bmc', LOOK],
  [
    'a device is read',
    () => booted(),
    'host',
    { do: 'device.read', device: '/dev/sdb1', offset: 0, length: 512 },
  ],
];

/** Disks may be pulled while the power is on. */
function pluggable(): Chassis {
  const chassis = new Chassis(initialHost({ ...hardware(), hotplug: true }, 'server1'));
  chassis.take({ type: 'part.started', bootId: 'feed' });
  chassis.take({ type: 'disk.created', serial: 'SN-server1-sdb-1' });
  chassis.ask('bmc', { do: 'power.on', singleUser: true });
  chassis.fire('boot');
  return chassis;
}

function hanging(): Chassis {
  const chassis = booted();
  chassis.ask('bmc', { do: 'freeze' });
  return chassis;
}

function imaged(): Chassis {
  const chassis = pluggable();
  chassis.ask('bmc', { do: 'disk.image.take', image: 'a', system: false });
  chassis.take({ type: 'disk.copied', to: 'image-a-dev-sdb' });
  return chassis;
}

const FAULTS: Record<string, (world: World) => void> = {
  'the power is cut': (world) => world.ask('bmc', { do: 'power.cut' }),
  'the server is reset': (world) => world.ask('bmc', { do: 'power.reset' }),
  'it hangs and is reset': (world) => {
    world.ask('bmc', { do: 'freeze' });
    world.ask('bmc', { do: 'power.reset' });
  },
  'it shuts down': (world) => world.ask('host', { do: 'power', op: 'shutdown' }),
  'it reboots': (world) => world.ask('host', { do: 'power', op: 'reboot' }),
  'its agent dies': (world) => world.due.unshift(died('agent')),
  'its daemon dies': (world) => world.due.unshift(died('daemon')),
  'its power goes off and on': (world) => {
    world.ask('bmc', { do: 'power.cut' });
    while (world.chassis.state.node.value !== 'poweredOff' && world.next());
    world.ask('bmc', { do: 'power.on', singleUser: false });
  },
};

function died(process: 'agent' | 'daemon'): HostEvent {
  return { type: 'process.exited', process, code: null, signal: 'SIGKILL' };
}

const MOST_POINTS = 12;

for (const [what, from, to, body] of ORDERS) {
  test(`${what}: it is answered once, whatever goes meanwhile`, (t) => {
    for (const [fault, strike] of Object.entries(FAULTS)) {
      for (let point = 0; point < MOST_POINTS; point++) {
        const world = new World(from());
        world.ask(to, body);
        const id = world.chassis.lastId;
        for (let at = 0; at < point && world.next(); at++);
        strike(world);
        for (let at = 0; at < 200 && world.next(); at++);
        const count = world.answers.filter((answered) => answered === id).length;
        t.is(count, 1, `${fault} after ${point} events: ${count} answers`);
      }
    }
  });
}
