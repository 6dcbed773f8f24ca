/**
 * Whose program holds the other end of a loopback connection, by the kernel's table of TCP
 * sockets. Ports on loopback are open to every user of the machine, keys and folders are not.
 *
 * The table grows with the sockets of the machine, those included that any user opened and closed
 * in the last minute, and a long one takes a tenth of a second. So those that come together are
 * looked up together, readings take a tenth of the time at most, and nobody waits for one long, or at
 * all where there is no crowd: who is not told in time is heard, as far as the key goes, and hung up
 * on when the kernel's word comes.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isIPv4, type Socket } from 'node:net';

const TABLE = '/proc/net/tcp';

/** As the table writes it: the address in the machine's byte order, both in hex. */
function inTable(address: string, port: number): string {
  const hex = (value: number, width: number) =>
    value.toString(16).toUpperCase().padStart(width, '0');
  const bytes = address.split('.').map((byte) => hex(Number(byte), 2));
  return `${bytes.reverse().join('')}:${hex(port, 4)}`;
}

/** A short table is there sooner when it is waited for; a long one would keep all else waiting. */
async function readTable(isShort: boolean): Promise<string> {
  try {
    return isShort ? readFileSync(TABLE, 'latin1') : await readFile(TABLE, 'latin1');
  } catch {
    return '';
  }
}

/** So much longer than a reading took, the next one waits. */
const REST = 9;
const SHORT_MS = 5;
/** How long a connection waits to be told apart. */
const TOLD_MS = 50;
/** So many connections about which the kernel's word is awaited are no crowd. */
const FEW = 8;
let awaited = 0;
let asked: ((table: string) => void)[] = [];
let isReading = false;
let lastMs = 0;
let nextAt = 0;

/** Reads for those who asked before it began; who asks meanwhile may stand in no row of it. */
async function answerAll(): Promise<void> {
  const waiting = asked;
  asked = [];
  const from = performance.now();
  const table = await readTable(lastMs < SHORT_MS);
  lastMs = performance.now() - from;
  nextAt = performance.now() + REST * lastMs;
  isReading = false;
  for (const answer of waiting) answer(table);
  if (asked.length > 0) plan();
}

function plan(): void {
  if (isReading) return;
  isReading = true;
  const waitMs = nextAt - performance.now();
  if (waitMs > 0) setTimeout(answerAll, waitMs);
  else setImmediate(answerAll);
}

function nextTable(): Promise<string> {
  return new Promise((resolve) => {
    asked.push(resolve);
    plan();
  });
}

export interface Holder {
  uid: number;
  /** Of the socket, as the holder's open files name it. */
  inode: string;
}

/** A socket that its program has closed belongs to nobody, whatever number stands there. */
function inRow(table: string, near: string, far: string): Holder | null {
  const at = table.indexOf(` ${near} ${far} `);
  if (at < 0) return null;
  const [, , , , , , user, , inode] = table.slice(at + 1, table.indexOf('\n', at)).split(/\s+/);
  return !inode || inode === '0' ? null : { uid: Number(user), inode };
}

/**
 * Who holds the other end; null: nobody any more, or there is no such table here. Who has proved the
 * key does not wait among those who have not.
 */
export async function holderOfPeer(socket: Socket, isProved = false): Promise<Holder | null> {
  const { remoteAddress, remotePort, localAddress, localPort } = socket;
  if (!remoteAddress || !remotePort || !localAddress || !localPort) return null;
  if (!isIPv4(remoteAddress) || !isIPv4(localAddress)) return null;
  const far = inTable(remoteAddress, remotePort);
  const table = isProved ? readTable(lastMs < SHORT_MS) : nextTable();
  return inRow(await table, far, inTable(localAddress, localPort));
}

/** Another user's program at the other end; where nobody can tell, the key decides as always. */
export async function isForeign(socket: Socket): Promise<boolean> {
  const holder = await holderOfPeer(socket);
  return holder !== null && holder.uid !== 0 && holder.uid !== process.getuid?.();
}

/**
 * Hangs up on another user's program, and says whether it did by now. Where the kernel's word takes
 * longer, the connection goes on to prove the key, and is cut when the word comes.
 */
export async function isHungUpOn(socket: Socket, ask = isForeign): Promise<boolean> {
  awaited += 1;
  const reported = ask(socket).then((foreign) => {
    awaited -= 1;
    if (foreign) socket.destroy();
    return foreign;
  });
  if (awaited <= FEW) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, TOLD_MS, false);
  });
  const answer = await Promise.race([reported, late]);
  clearTimeout(timer);
  return answer;
}
