/**
 * A person at the console after a storm: heals cables, disks and frozen programs, switches on what
 * is off, and waits. Only when nothing moves any more does he take the documented way out, and
 * every such act is kept, so that it can be seen what a cluster asked of him:
 *
 *     copy GRAY on a server that runs       the disk could not be read at start: reboot it
 *     mirror Abnormal, one copy GREEN       clpmdctrl --recovery                    (v3 11.10.4)
 *     mirror Abnormal, both copies RED      clpmdctrl --force, the copy that is whole (v3 11.10.5)
 *     a group online nowhere                clpgrp -s
 *     a group online twice                  clpgrp -t on one of the two
 */

import type { Fault } from '../src/host/faults.ts';
import type { Lab } from '../src/lab/lab.ts';
import { expressClusterView as viewOf } from '../src/runbook/language/expressions/expresscluster.ts';
import type { Status } from '../src/schema/generated/status-1.ts';
import { cables, isWhole, MIRROR, powerOnAll, SERVERS } from './faults.ts';
import { inWords, logs } from './lab.ts';

/** Nothing moved for so long: the cluster waits for somebody. */
const PATIENCE_MS = 10_000;
const LIMIT_MS = 120_000;
const LOOK_EVERY_MS = 50;

async function healAll(lab: Lab): Promise<void> {
  const parts = SERVERS.flatMap((server) =>
    (['agent', 'daemon'] as const).map(
      (part) => ({ kind: 'continueProcess', server, part }) as Fault,
    ),
  );
  const disks = SERVERS.map(
    (server) => ({ kind: 'healDisk', server, device: '/dev/sdb' }) as Fault,
  );
  const servers = SERVERS.map((server) => ({ kind: 'thaw', server }) as Fault);
  // What is not broken cannot be healed, which is as good.
  for (const fault of [...cables('heal'), ...cables('delay'), ...parts, ...disks, ...servers]) {
    await lab.fault(fault).catch(() => undefined);
  }
}

/** What else a copy has to hold: words for what is wrong with it, or null. */
export type Judge = (server: string) => Promise<string | null>;

/** The server whose disk holds every acknowledged write; throws when none does. */
async function wholeCopy(lab: Lab, judge: Judge): Promise<string> {
  const looked = await Promise.all(
    SERVERS.map(async (server) => {
      const { wrong } = await lab.io.verifyCopy(MIRROR, server);
      return { server, wrong, more: await judge(server) };
    }),
  );
  const found = looked.find(({ wrong, more }) => wrong.length === 0 && more === null);
  if (found) return found.server;
  const words = ({ server, wrong, more }: (typeof looked)[number]) =>
    `${server} ${JSON.stringify(wrong)} ${more ?? ''}`;
  const lost = looked.map(words).join('; ');
  throw new Error(`no copy holds every acknowledged write: ${lost}`);
}

type Act = { server: string; argv: string[] };

async function wayOut(lab: Lab, status: Status, judge: Judge): Promise<Act | null> {
  const sides = Object.entries(status.mirrors[MIRROR]?.servers ?? {});
  const gray = sides.find(([, side]) => side.color === 'GRAY');
  if (gray) return { server: gray[0], argv: ['clpdown', '-r'] };
  const twice = Object.values(status.groups).find(({ activeOn }) => (activeOn?.length ?? 0) > 1);
  if (twice) {
    const server = twice.activeOn!.at(-1)!;
    return { server, argv: ['clpgrp', '-t', twice.name, '-h', server] };
  }
  if (status.mirrors[MIRROR]?.state === 'Abnormal') {
    const green = sides.find(([, side]) => side.color === 'GREEN');
    const active = sides.find(([, side]) => side.active)?.[0];
    if (green) return { server: green[0], argv: ['clpmdctrl', '--recovery', MIRROR] };
    const whole = active ?? (await wholeCopy(lab, judge));
    return { server: whole, argv: ['clpmdctrl', '--force', whole, MIRROR] };
  }
  const idle = Object.values(status.groups).find(({ state }) => state !== 'Online');
  return idle ? { server: idle.current ?? 'server1', argv: ['clpgrp', '-s', idle.name] } : null;
}

/** What is looked at for "nothing moves": everything but times. */
function picture(status: Status): string {
  const { recovery } = status.mirrors[MIRROR] ?? {};
  return `${inWords(status)} ${recovery?.percent}`;
}

/** Resolves with what had to be done by hand; throws when the cluster does not come back. */
export async function bringBack(lab: Lab, judge: Judge = async () => null): Promise<string[]> {
  const acts: string[] = [];
  await healAll(lab);
  const from = performance.now();
  let seen = '';
  let since = from;
  for (;;) {
    const status = viewOf(await lab.status());
    if (isWhole(status)) return acts;
    const now = performance.now();
    if (now - from > LIMIT_MS) {
      const told = `after ${acts.join('; ') || 'nothing'}\n${inWords(status)}\n${logs(lab.folder)}`;
      throw new Error(`the cluster does not come back, ${told}`);
    }
    await powerOnAll(lab);
    if (picture(status) !== seen) {
      seen = picture(status);
      since = now;
    } else if (now - since > PATIENCE_MS) {
      const act = await wayOut(lab, status, judge);
      if (act) acts.push(`${inWords(status).split('\n').at(-1)}: ${await carryOut(lab, act)}`);
      since = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

async function carryOut(lab: Lab, { server, argv }: Act): Promise<string> {
  const answers = [{ prompt: '(y/n)', reply: 'y' }];
  const ended = await lab.exec(server, argv, { answers }).catch((error: Error) => error);
  const how =
    ended instanceof Error
      ? ended.message
      : `${ended.exitCode} ${ended.stderr.trim().split('\n').at(-1)}`;
  return `${argv.join(' ')} on ${server}: ${how}`;
}
