/**
 * The requests that part `agent` answers (AgentRequest, src/ports/protocol.ts). Whatever is not as
 * the protocol says is refused with `request.malformed`, and nothing was done. Data is base64.
 */

import type { Evidence } from '../../../machines/mirror-events.ts';
import { diskOf } from '../../core/device-names.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { failureOf } from '../../messages/index.ts';
import { DeviceError } from '../../ports/devices.ts';
import type { AgentView } from '../../ports/views.ts';
import { RemoteError } from '../../ports/wire.ts';
import { beginBackup, endBackup, markRestored } from '../copy/backup.ts';
import { failDisk } from '../copy/failure.ts';
import { changeDisk, create } from '../copy/initialise.ts';
import type { MirrorDisk } from '../disk.ts';
import { activate, deactivate } from '../pair/activation.ts';
import { breakMirror } from '../pair/break.ts';
import { answerCompare } from '../pair/inquiry.ts';
import { notePeerBroke } from '../pair/loss.ts';
import { answerYield } from '../pair/proof.ts';
import { force } from '../recovery/force.ts';
import { cancel, holdAutoRecovery, pause, recover } from '../recovery/orders.ts';
import { isObject, refused } from '../refused.ts';
import { spoken } from '../spoken.ts';
import { shownOf } from '../statistics/table.ts';
import { readMirror, writeMirror } from '../writes/replicate.ts';
import { OPTION_ORDERS } from './option-requests.ts';
import { malformed, number, type Order, text, word } from './request-fields.ts';

function evidenceOf(body: JsonObject): Evidence | null {
  const value = body.evidence ?? null;
  if (value === null) return null;
  if (!isObject(value)) throw malformed(body, 'evidence');
  const by = word(value, 'by', ['notice', 'fence', 'operatingSystem']);
  return { by, from: text(value, 'from'), at: number(value, 'at') };
}

function decode(body: JsonObject): Uint8Array {
  const data = text(body, 'data');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(data)) throw malformed(body, 'data');
  return Buffer.from(data, 'base64');
}

/** Where the victim's differing blocks are kept; null: nowhere. */
const keep = (body: JsonObject): string | null =>
  (body.keep ?? null) === null ? null : text(body, 'keep');

const ACTIVATION = { done: null, failed: 'mirrorNotActivated' } as const;
const FORCED_ACTIVATION = {
  done: 'forcedActivationEnded',
  failed: 'forcedActivationFailed',
} as const;
const ISOLATION = { done: 'mirrorIsolated', failed: 'mirrorIsolationFailed' } as const;
const RECOVERY = { done: null, failed: 'recoveryFailed' } as const;
const CANCELLATION = { done: null, failed: 'recoveryNotCancelled', isUnreasoned: true } as const;
const FORCED_RECOVERY = { done: null, failed: 'forcedRecoveryFailed' } as const;

const ORDERS: Record<string, Order> = {
  ...OPTION_ORDERS,
  activate: async (disk, body) => {
    const [mount, isForced] = [body.mount === true, body.force === true];
    const evidence = evidenceOf(body);
    const order = { mount, force: isForced, evidence };
    const { manual } = disk.p;
    const says = isForced && manual === 'x5' ? FORCED_ACTIVATION : ACTIVATION;
    await spoken(disk, says, () => activate(disk, order));
    return { active: true, generation: disk.copy.record.generation };
  },
  deactivate: async (disk) => {
    await deactivate(disk);
    return { active: false };
  },
  break: async (disk) => {
    await spoken(disk, ISOLATION, () => breakMirror(disk));
    return {};
  },
  recover: async (disk, body) => ({
    recovery: await spoken(disk, RECOVERY, () => recover(disk, { full: body.full === true })),
  }),
  force: async (disk, body) => {
    const [latest, victim] = [text(body, 'latest'), text(body, 'victim')];
    // Where a recovery follows, its end says the rest (recovery/ends.ts).
    const order = () => force(disk, latest, victim, keep(body));
    const recovery = await spoken(disk, FORCED_RECOVERY, order);
    const isHere = latest === disk.ports.server;
    if (recovery === null && isHere) disk.logIfKnown('forcedRecoveryEnded', disk.p.name);
    return { recovery };
  },
  pause: async (disk, body) => {
    if (typeof body.on !== 'boolean') throw malformed(body, 'on');
    await pause(disk, body.on);
    return {};
  },
  cancel: async (disk) => {
    await spoken(disk, CANCELLATION, () => cancel(disk));
    return {};
  },
  create: async (disk, body) => {
    await create(disk, word(body, 'mode', ['normal', 'quick', 'force']));
    return {};
  },
  read: async (disk, body) => {
    const bytes = await readMirror(disk, number(body, 'offset'), number(body, 'length'));
    return { data: Buffer.from(bytes).toString('base64') };
  },
  write: async (disk, body) => {
    await writeMirror(disk, number(body, 'offset'), decode(body), body.durable !== false);
    return {};
  },
  'peer-broke': async (disk, body) => {
    if (!disk.p.peers.includes(text(body, 'server'))) throw malformed(body, 'server');
    return await notePeerBroke(disk, text(body, 'generation'), body.forced === true);
  },
  compare: async (disk, body) => {
    if (!disk.p.peers.includes(text(body, 'server'))) throw malformed(body, 'server');
    return answerCompare(disk);
  },
  yield: async (disk, body) => {
    if (!disk.p.peers.includes(text(body, 'server'))) throw malformed(body, 'server');
    return await answerYield(disk, body);
  },
  backup: async (disk, body) => {
    const op = word(body, 'op', ['begin', 'end']);
    await (op === 'begin' ? beginBackup(disk) : endBackup(disk));
    return {};
  },
  'mark-restored': async (disk) => {
    await markRestored(disk);
    return {};
  },
  marks: async (disk) => {
    const { restored, backup } = disk.copy.record;
    return { restored: restored ?? null, backup: backup ?? null };
  },
  statistics: async ({ sampling }, body) => {
    if (body.save === true) await sampling?.take();
    const values = sampling?.newest() ?? {};
    return { isOn: sampling !== null, values, shown: sampling ? shownOf(values) : [] };
  },
  'hold-auto-recovery': async (disk, body) => {
    await holdAutoRecovery(disk, body.hold === true, String(body.why ?? ''));
    return {};
  },
};

const orderChangeDisk: Order = async (disk) => {
  await changeDisk(disk);
  return {};
};

async function carryOut(disk: MirrorDisk, order: Order, body: JsonObject): Promise<Json> {
  try {
    return await order(disk, body);
  } catch (error) {
    if (error instanceof DeviceError) throw await failDisk(disk, error);
    if (error instanceof RemoteError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'mirror.failed';
    throw new RemoteError(code, error instanceof Error ? error.message : String(error));
  }
}

/** A disk and its partitions: `/dev/sdb` stands for `/dev/sdb1` and `/dev/sdb2`. */
function isOn(disk: MirrorDisk, device: string): boolean {
  const { device: mirror, dataDevice, partitionDevice } = disk.p;
  const own = [mirror, dataDevice, partitionDevice];
  return own.includes(device) || own.some((path) => diskOf(path) === device);
}

/** Answers one request of part `agent`, or rejects with RemoteError. */
export async function answerRequest(
  disks: readonly MirrorDisk[],
  view: () => AgentView,
  body: Json,
): Promise<Json> {
  if (!isObject(body) || typeof body.do !== 'string') {
    throw new RemoteError('request.malformed', 'a request is an object with a word under "do"');
  }
  const what = body.do;
  if (what === 'status') return view() as unknown as Json;
  if (what === 'change-disk') {
    const device = text(body, 'device');
    const found = disks.filter((disk) => isOn(disk, device));
    if (found.length === 0) throw refused(`no mirror disk is on ${device}`, 'mirror.unknown');
    for (const disk of found) await carryOut(disk, orderChangeDisk, body);
    return { mirrors: found.map((disk) => disk.p.name) };
  }
  const order = Object.hasOwn(ORDERS, what) ? ORDERS[what] : undefined;
  if (!order) throw new RemoteError('request.malformed', `the agent knows no request ${what}`);
  const name = text(body, 'mirror');
  const disk = disks.find(({ p }) => p.name === name);
  if (!disk) throw refused(failureOf('md.notInConfig', name).text, 'mirror.unknown');
  return await carryOut(disk, order, body);
}
