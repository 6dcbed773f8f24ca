/**
 * Processes of this machine as /proc shows them: who carries a mark in its environment, and
 * whether a recorded process id still means the process that was recorded. Where there is no
 * /proc, only recorded processes are known.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessMark } from '../ports/machinery.ts';

const LOOK_AGAIN_MS = 2;

export type { ProcessMark } from '../ports/machinery.ts';

/** After the name, which is in parentheses and may hold anything: the state, then field 4 on. */
function statFields(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
}

export function markOf(pid: number): ProcessMark {
  return { pid, startTicks: statFields(pid)?.[19] ?? null };
}

/** A zombie counts as gone: it holds nothing but its exit status. */
export function isAlive(mark: ProcessMark): boolean {
  const fields = statFields(mark.pid);
  if (fields) {
    const same = mark.startTicks === null || fields[19] === mark.startTicks;
    return same && fields[0] !== 'Z' && fields[0] !== 'X';
  }
  if (mark.startTicks !== null) return false;
  try {
    process.kill(mark.pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** By SIGSTOP or a debugger; not known without /proc. */
export function isStopped(pid: number): boolean {
  const [state = ''] = statFields(pid) ?? [];
  return state === 'T' || state === 't';
}

/** Sends a signal to the very process that was marked; a process gone is no error. */
export function signalProcess(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isAlive(mark)) return;
  try {
    process.kill(mark.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function carries(pid: number, entries: string[]): boolean {
  try {
    const text = `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`;
    return entries.every((entry) => text.includes(`\0${entry}\0`));
  } catch {
    return false;
  }
}

const MOST_ANCESTORS = 64;

/**
 * This process, its parent, and so on up, as the kernel tells. A process that begins after its
 * child is not its parent: the id was given anew. Without /proc only the process itself is known.
 */
export function ancestryOf(pid: number): ProcessMark[] {
  const found: ProcessMark[] = [];
  let next = pid;
  let youngest = Number.POSITIVE_INFINITY;
  while (next > 1 && found.length < MOST_ANCESTORS) {
    const fields = statFields(next);
    const startTicks = fields?.[19] ?? null;
    if (startTicks !== null && Number(startTicks) > youngest) break;
    if (found.length === 0 || startTicks !== null) found.push({ pid: next, startTicks });
    if (fields === null || startTicks === null) break;
    youngest = Number(startTicks);
    next = Number(fields[1]);
  }
  return found;
}

/** The very same process; one without its start is never known to be another's. */
export function isSameProcess(a: ProcessMark, b: ProcessMark): boolean {
  return a.pid === b.pid && a.startTicks !== null && a.startTicks === b.startTicks;
}

/** Every living process, but this one, whose environment holds all of these entries. */
export function findByEnvironment(wanted: Record<string, string>): ProcessMark[] {
  const entries = Object.entries(wanted).map(([name, value]) =>
    Buffer.from(`${name}=${value}`).toString('latin1'),
  );
  return processIds()
    .filter((pid) => pid !== process.pid && carries(pid, entries))
    .map(markOf)
    .filter(isAlive);
}

/**
 * Kills every process that carries these entries, until there is none, and waits for those killed
 * to be gone: a dying process loses its environment before it lets go of its files. The answer is
 * the ids of those killed, or of those that did not end in time. `spare`: not these.
 */
export async function killByEnvironment(
  wanted: Record<string, string>,
  options: { also?: ProcessMark[]; spare?: ProcessMark[]; limitMs: number },
): Promise<{ killed: number[]; left: number[] }> {
  const doomed = new Map((options.also ?? []).map((mark) => [mark.pid, mark]));
  const killed = new Set<number>();
  const spared = new Set((options.spare ?? []).map(({ pid }) => pid));
  for (let waitedMs = 0; ; waitedMs += LOOK_AGAIN_MS) {
    for (const mark of findByEnvironment(wanted)) doomed.set(mark.pid, mark);
    const living = [...doomed.values()].filter((mark) => !spared.has(mark.pid) && isAlive(mark));
    if (living.length === 0) return { killed: [...killed], left: [] };
    if (waitedMs > options.limitMs) {
      return { killed: [...killed], left: living.map((mark) => mark.pid) };
    }
    for (const mark of living) {
      killed.add(mark.pid);
      signalProcess(mark, 'SIGKILL');
    }
    await delay(LOOK_AGAIN_MS);
  }
}
