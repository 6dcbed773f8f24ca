/**
 * Asynchronous mode: a write is acknowledged when the own copy has it and it is on its way to the
 * other one. What is on its way is the queue.
 *
 *     write ─► queue marked on the other side, durable ─► own copy ─► acknowledged
 *                        └─► sent ─► … ─► the other copy has it ─► leaves the queue
 *     queue empty for a while, or deactivated in order ─► the mark is taken back
 *
 * Where the configuration names a folder for history files, writes that do not fit the queue wait
 * there, in order, and go out as it empties (history.ts).
 *
 * While the mark stands the other copy may lack acknowledged writes, so no evidence makes it the
 * latest (proof.ts): an operator has to name the copy that dies. A queue at its limit breaks the
 * mirror; what was queued becomes out of sync, as at any other loss. The range of a queued write is
 * free again at once; the other side keeps the order of what it receives.
 */
import { blocksOf } from '../copy/block-map.ts';
import { failDisk } from '../copy/failure.ts';
import type { MirrorDisk } from '../disk.ts';
import type { Session } from '../link/session.ts';
import { type History, HistoryLost, type HistoryWrite } from './history.ts';
import { goOnWithout } from './unacknowledged.ts';

/** How long the queue has to be empty before the other side hears of it. */
const REST_MS = 200;

export class SendQueue {
  /** Writes that the other side has not acknowledged. */
  writes = 0;
  #bytes = 0;
  readonly #changed: () => void;
  /** The session on whose other side the mark stands, or is being set. */
  marked: Session | null = null;
  marking: Promise<unknown> = Promise.resolve();
  resting: () => void = () => {};
  /** Null: a full queue breaks the mirror. */
  history: History | null = null;
  /** The session that writes wait for in history files; while it is set, every write joins them. */
  spilling: Session | null = null;
  isDraining = false;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** Of writes that the other side has not acknowledged. */
  get bytes(): number {
    return this.#bytes;
  }

  /** So many more; fewer where it is negative. */
  count(bytes: number): void {
    this.#bytes += bytes;
    this.#changed();
  }

  /** Writes that do not fit wait in these files. */
  spillTo(history: History): void {
    this.history = history;
  }

  /** A recovery put the two into step: the other side does not lag, and has said so. */
  forgetMark(): void {
    this.marked = null;
  }
}

export interface QueuedWrite {
  id: number;
  offset: number;
  data: Uint8Array;
  durable: boolean;
}

/** Breaks the mirror when the queue is full, and the history files where there are some. */
export function limitQueue(disk: MirrorDisk): void {
  const { p } = disk;
  if (p.mode !== 'async') return;
  const { queue } = disk.writes;
  const { session } = disk.pair;
  if (!session || queue.writes < p.queueLimit) return;
  if (!queue.history) {
    session.close(`${queue.writes} writes wait for the other side: the queue is full`);
  } else if (queue.history.bytes >= p.historyMostBytes) {
    session.close(`${queue.history.bytes} bytes wait in ${p.historyFolder}: it may hold no more`);
  }
}

/** Resolves when the write is acknowledged; it leaves `inFlight` when the other side has it. */
export async function writeQueued(
  disk: MirrorDisk,
  session: Session,
  write: QueuedWrite,
): Promise<void> {
  const { queue } = disk.writes;
  const { offset, durable } = write;
  // The caller may use its bytes again once the write is acknowledged.
  const data = write.data.slice();
  if (queue.history && (queue.spilling === session || queue.writes >= disk.p.queueLimit)) {
    return await writeSpilled(disk, session, queue.history, { ...write, data });
  }
  queue.writes += 1;
  queue.count(data.length);
  queue.resting();
  const marked = mark(disk, session);
  const sent = marked.then(() =>
    session.ask('write', durable ? { offset, durable } : { offset }, data),
  );
  void follow(disk, session, write, sent);
  const failure = await marked.then(
    () => null,
    (error: unknown) => ({ error }),
  );
  await writeOwn(disk, offset, data, durable);
  if (failure) await goOnWithout(disk, session, blockList(write), failure.error);
}

/** The write waits in a history file; it is acknowledged when it is there and on the own copy. */
async function writeSpilled(
  disk: MirrorDisk,
  session: Session,
  history: History,
  write: QueuedWrite,
): Promise<void> {
  const { queue } = disk.writes;
  const { id, offset, data, durable } = write;
  queue.spilling = session;
  queue.count(data.length);
  const stored = history.add({ id, offset, length: data.length, durable }, data);
  const [own, other] = await Promise.allSettled([writeOwn(disk, offset, data, durable), stored]);
  if (own.status === 'rejected') throw own.reason;
  if (other.status === 'fulfilled') return;
  session.close(`a write could not be kept in ${disk.p.historyFolder}`);
  await goOnWithout(disk, session, blockList(write), other.reason);
}

/** Sends what waits in history files as the queue empties; gives it up when the session is lost. */
async function drain(disk: MirrorDisk, session: Session): Promise<void> {
  const { queue } = disk.writes;
  const { history } = queue;
  if (!history || queue.isDraining || queue.spilling !== session) return;
  queue.isDraining = true;
  try {
    while (!history.isEmpty && queue.writes < disk.p.queueLimit && !session.isLost) {
      for (const { write, data } of await history.take()) sendAgain(disk, session, write, data);
    }
  } catch (error) {
    session.close(error instanceof Error ? error.message : String(error));
    if (error instanceof HistoryLost) await giveUp(disk, session, error.writes);
  } finally {
    queue.isDraining = false;
  }
  if (session.isLost) await giveUp(disk, session, history.drop());
  else if (history.isEmpty) queue.spilling = null;
}

function sendAgain(
  disk: MirrorDisk,
  session: Session,
  write: HistoryWrite,
  data: Uint8Array,
): void {
  const { offset, durable } = write;
  disk.writes.queue.writes += 1;
  const sent = session.ask('write', durable ? { offset, durable } : { offset }, data);
  void follow(disk, session, { ...write, data }, sent);
}

/** What waited in history files becomes out of sync. */
async function giveUp(
  disk: MirrorDisk,
  session: Session,
  writes: readonly HistoryWrite[],
): Promise<void> {
  const { queue } = disk.writes;
  if (queue.spilling === session) queue.spilling = null;
  const blocks = new Set<number>();
  for (const { offset, length } of writes) {
    const [first, end] = blocksOf(offset, length);
    for (let block = first; block < end; block++) blocks.add(block);
  }
  await goOnWithout(disk, session, blocks, new Error('the connection was lost')).catch(() => {});
  for (const { id, length } of writes) {
    queue.count(-length);
    disk.writes.ended(id, false);
  }
}

async function writeOwn(
  disk: MirrorDisk,
  offset: number,
  data: Uint8Array,
  durable: boolean,
): Promise<void> {
  await disk.copy.write(offset, data, durable).catch(async (error: unknown) => {
    throw await failDisk(disk, error);
  });
}

function blockList({ offset, data }: QueuedWrite): number[] {
  const [first, end] = blocksOf(offset, data.length);
  return Array.from({ length: end - first }, (_, at) => first + at);
}

async function follow(
  disk: MirrorDisk,
  session: Session,
  write: QueuedWrite,
  sent: Promise<unknown>,
): Promise<void> {
  const { queue } = disk.writes;
  let unflushed = false;
  try {
    await sent;
    unflushed = !write.durable;
  } catch (reason) {
    await goOnWithout(disk, session, blockList(write), reason).catch(() => {});
  }
  queue.writes -= 1;
  queue.count(-write.data.length);
  disk.writes.ended(write.id, unflushed);
  if (queue.spilling === session) void drain(disk, session);
  else if (queue.writes === 0) rest(disk, session);
}

/** The other side notes durably, before the first write is acknowledged, that it may lag. */
async function mark(disk: MirrorDisk, session: Session): Promise<void> {
  const { queue } = disk.writes;
  if (queue.marked !== session) {
    queue.marked = session;
    queue.marking = session.ask('lagging', { on: true });
  }
  await queue.marking;
}

function rest(disk: MirrorDisk, session: Session): void {
  const { queue } = disk.writes;
  const { clock } = disk.ports;
  queue.resting = clock.at(clock.now() + REST_MS, () => {
    queue.resting = () => {};
    if (queue.writes > 0 || queue.spilling || queue.marked !== session || disk.life.isOver) return;
    queue.marked = null;
    session.tell('lagging', { on: false });
  });
}

/** Before this side stops being active: the other one has everything. */
export async function takeMarkBack(disk: MirrorDisk): Promise<void> {
  const { queue } = disk.writes;
  const { session } = disk.pair;
  queue.resting();
  if (queue.marked === null || queue.marked !== session) return;
  queue.marked = null;
  await session.ask('lagging', { on: false }).catch(() => {});
}

/** The other side queues writes, or says that none is left. */
export function serveQueue(disk: MirrorDisk, session: Session): void {
  session.handle('lagging', async ({ header }) => {
    if (disk.pair.session === session && !disk.pair.now.isActive)
      await disk.copy.save({ lagging: header.on === true });
    return { header: {} };
  });
}
