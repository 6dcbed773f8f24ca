/** An operator names the copy that is the latest, and the one that dies (v3 11.10.5, 11.10.6). */
import type { JsonObject } from '../../core/json.ts';
import { forced } from '../copy/generations.ts';
import type { MirrorDisk } from '../disk.ts';
import { askPeer } from '../pair/inquiry.ts';
import { heedNote, tellGivenUp, writeGeneration } from '../pair/loss.ts';
import { refused } from '../refused.ts';
import { refusedFor } from '../spoken.ts';
import { construct, startHere } from './orders.ts';

const ORDER_MS = 5000;
const FILE_ATTEMPTS = 5;
/** Of a path in the record of a copy, characters. */
const MOST_PATH = 1000;

/**
 * clpmdctrl --force: the copy of `latest` counts as the newest, the one of `victim` is given up.
 * With the other server connected a full copy starts; without it, automatic recovery stays held
 * until a full recovery is ordered. Answers the recovery's id, or null.
 */
export async function force(
  disk: MirrorDisk,
  latest: string,
  victim: string,
  keep: string | null = null,
): Promise<string | null> {
  const { server } = disk.ports;
  checkNames(disk, latest, victim);
  if (keep !== null && keep.length > MOST_PATH) {
    throw refused(
      `the path of the kept blocks is longer than ${MOST_PATH} characters`,
      'mirror.keep',
    );
  }
  if (latest !== server) return await forceThere(disk, latest, victim, keep);
  if (disk.recovery.current)
    throw refusedFor('mdadmn.recovering', 'a recovery runs', 'mirror.recovering');
  if (disk.life.isEnding) throw refused(`the mirror agent of ${server} is stopping`);
  if (disk.pair.now.phase === 'inSync')
    throw refused(`${disk.p.name} has no difference`, 'mirror.inSync');
  const isActiveThere = disk.pair.session
    ? disk.pair.peer?.active === true
    : (await askPeer(disk)).says === 'active';
  if (isActiveThere) {
    const words = `${disk.p.name} is active on ${victim}: stop it there first`;
    throw refusedFor('mdadmn.destinationActive', words);
  }
  const isFirst =
    disk.copy.record.state === 'blank' && disk.pair.judgement?.verdict === 'unconstructed';
  // Not executed by itself where the configuration says so ("fullcopy" 0): this names its source.
  if (isFirst && disk.pair.session && disk.pair.judgement?.full)
    return await construct(disk, false);
  return await disk.loop.run(async () => {
    const { state } = disk.copy.record;
    if (disk.life.isEnding) throw refused(`the mirror agent of ${server} is stopping`);
    if (state !== 'constructed')
      throw refused(`the copy of ${server} holds no data of ${disk.p.name}`);
    // A victim whose cluster partition cannot be read takes no copy yet; the decision stands.
    const follows = disk.pair.session !== null && disk.pair.judgement?.verdict !== 'unconstructed';
    const held = follows ? null : `forced on ${server} alone: the copy of ${victim} is given up`;
    await heedNote(disk);
    // What an operator decides for must not vanish later: it may lie in the disk's cache only.
    await disk.copy.flush();
    const copy = forced(disk.copy.record, disk.ports.random.id());
    // First where the other server can read it: from here on nobody believes the victim's copy.
    if (
      !(await writeGeneration(disk, FILE_ATTEMPTS, {
        ...copy,
        victim: disk.p.otherSide,
        peerFollows: false,
      }))
    ) {
      throw refused('the host does not keep the generation', 'mirror.host');
    }
    await disk.copy.save({
      ...copy,
      victim: disk.p.otherSide,
      victimKeeps: keep,
      peerFollows: false,
      peerYielded: false,
      passedBy: null,
      recoveryPaused: false,
      autoRecoveryHeld: held,
    });
    if (!follows) {
      await tellGivenUp(disk);
      return null;
    }
    disk.pair.tell({ type: 'victim.named', victim });
    return await startHere(disk, true);
  });
}

/** One is the current server of each side. */
function checkNames({ p, ports }: MirrorDisk, latest: string, victim: string): void {
  const { server } = ports;
  const isPair =
    [server, p.peer].includes(latest) && victim === (latest === server ? p.peer : server);
  if (isPair) return;
  throw refused(`the latest copy and the victim must be ${server} and ${p.peer}, one each`);
}

async function forceThere(
  disk: MirrorDisk,
  latest: string,
  victim: string,
  keep: string | null,
): Promise<string | null> {
  const body = { do: 'force', mirror: disk.p.name, latest, victim, keep };
  const to = { server: latest, part: 'agent' as const };
  const reply = (await disk.request(to, body, ORDER_MS)) as JsonObject;
  return reply.recovery === null ? null : String(reply.recovery);
}
