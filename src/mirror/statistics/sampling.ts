/**
 * Mirror statistics of one mirror: what its data path tells, sampled every 60 s into
 * PERF_DISK_PATH/nmpN.cur; a file that has reached 16 MB becomes nmpN.pre, the older one goes (two
 * generations). x5 2.3; only where the configuration has Mirror Statistics on.
 *
 * Documented: directory, names, sampling, rotation, units. The file shows no sample in the manual;
 * our choice is what the neighbouring statistics have: a header, then a line a sample, every field
 * in double quotes, beginning with the date (in UTC, as the mirror commands print times).
 */
import { PERF_DISK_PATH } from '../../core/paths.ts';
import type { BlockStore } from '../../ports/devices.ts';
import type { LogFiles } from '../../ports/files.ts';
import type { MirrorDisk } from '../disk.ts';
import { MirrorLink } from '../link/mirror-link.ts';
import type { Session } from '../link/session.ts';
import { Counters } from './counters.ts';
import { inFile, type Sample, STATISTICS, sampleOf } from './table.ts';

export const SAMPLING_MS = 60_000;
export const ROTATION_BYTES = 16 * 1024 * 1024;

const quoted = (fields: readonly string[]): string =>
  `${fields.map((field) => `"${field}"`).join(',')}\n`;

const HEADER = quoted(['Date', ...STATISTICS.map(({ name }) => name)]);

/** `2024/03/04 17:30:05` */
function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', '/');
}

/** Adds a sample; the file is put aside when it is full. */
export async function saveSample(
  files: LogFiles,
  number: string,
  at: number,
  sample: Sample,
  rotationBytes = ROTATION_BYTES,
): Promise<void> {
  const current = `nmp${number}.cur`;
  const path = `${PERF_DISK_PATH}/${current}`;
  const isNew = !(await files.list(PERF_DISK_PATH)).includes(current);
  const values = STATISTICS.map(({ name }) => inFile(sample[name] ?? null));
  const line = quoted([dateOf(at), ...values]);
  const size = await files.append(path, isNew ? HEADER + line : line);
  if (size >= rotationBytes) await files.rename(path, `${PERF_DISK_PATH}/nmp${number}.pre`);
}

export class Sampling {
  readonly counters: Counters;
  readonly #disk: MirrorDisk;
  #last: Sample | null = null;

  constructor(disk: MirrorDisk) {
    this.#disk = disk;
    this.counters = new Counters(disk.ports.clock.now());
  }

  /** The newest sample; before the first one, what was counted so far. */
  newest(): Sample {
    const { pair, ports } = this.#disk;
    const active = pair.now.isActive;
    return this.#last ?? sampleOf(this.counters.reading(ports.clock.now()), active);
  }

  async take(): Promise<void> {
    const { pair, ports, p } = this.#disk;
    const active = pair.now.isActive;
    const now = ports.clock.now();
    this.#last = sampleOf(this.counters.sample(now), active);
    if (ports.files) await saveSample(ports.files, p.number, now, this.#last);
  }

  /** What goes over a mirror connection, and how long its answers take. */
  watch(session: Session): void {
    const { counters } = this;
    const { link } = session;
    if (link instanceof MirrorLink) {
      link.observe((sent, plain) => {
        counters.add('sent', sent);
        counters.add('plain', plain);
      });
    }
    session.observe({
      asked: (what, bytes) => {
        if (what === 'write') counters.syncBegan(bytes);
      },
      answered: (what, bytes, ms) => {
        if (what === 'write') counters.syncEnded(bytes, ms);
        else if (ms === null) return;
        else if (what === 'block') counters.recoveryAck.see(ms);
        else if (what === 'echo') counters.heartbeat.see(ms);
      },
    });
    this.#beat(session);
  }

  /** What the manual measures by ICMP: how long the other side takes to answer at all. */
  #beat(session: Session): void {
    const { ports, p } = this.#disk;
    ports.clock.at(ports.clock.now() + p.heartbeatIntervalMs, () => {
      if (session.isLost || this.#disk.life.isOver) return;
      if (this.#disk.pair.session === session) session.ask('echo', {}).catch(() => {});
      this.#beat(session);
    });
  }

  /** The data partition, with what is read and written there counted. */
  count(store: BlockStore): BlockStore {
    const { counters } = this;
    const { writePieces, readInto } = store;
    const into = readInto && {
      readInto: async (offset: number, bytes: Uint8Array) => {
        await readInto.call(store, offset, bytes);
        counters.add('localRead', bytes.length);
      },
    };
    const pieces = writePieces && {
      writePieces: async (offset: number, parts: readonly Uint8Array[]) => {
        await writePieces.call(store, offset, parts);
        counters.add(
          'localWritten',
          parts.reduce((sum, part) => sum + part.length, 0),
        );
      },
    };
    return {
      ...pieces,
      ...into,
      sizeBytes: store.sizeBytes,
      read: async (offset, length) => {
        const bytes = await store.read(offset, length);
        counters.add('localRead', length);
        return bytes;
      },
      write: async (offset, data) => {
        await store.write(offset, data);
        counters.add('localWritten', data.length);
      },
      flush: () => store.flush(),
      close: () => store.close(),
    };
  }
}

/** Waits, and counts how long one had to wait for the other; `key` null: for something else. */
export async function timedWait<T>(
  disk: MirrorDisk,
  key: 'writeWaits' | 'readWaits' | null,
  wait: Promise<T>,
): Promise<T> {
  if (key === null) return await wait;
  return await timed(disk, (counters, ms) => counters[key].add(ms), wait);
}

/** Adds the time that `work` takes; without statistics it is just the work. */
export async function timed<T>(
  disk: MirrorDisk,
  tell: (counters: Counters, ms: number) => void,
  work: Promise<T>,
): Promise<T> {
  const { sampling, ports } = disk;
  if (!sampling) return await work;
  const from = ports.clock.now();
  try {
    return await work;
  } finally {
    tell(sampling.counters, ports.clock.now() - from);
  }
}
