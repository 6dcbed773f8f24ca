/** Requests of part `agent` that change how a mirror works; see connection.ts. */
import { loadKey, setOption, switchConnect, updateKey } from '../link/connection.ts';
import { resize } from '../recovery/resize.ts';
import { verify } from '../recovery/verify.ts';
import { spoken } from '../spoken.ts';
import { malformed, number, type Order, text, word } from './request-fields.ts';

const EXTENSION = {
  done: 'mirrorExtended',
  failed: 'mirrorNotExtended',
  isUnreasoned: true,
} as const;

export const OPTION_ORDERS: Record<string, Order> = {
  verify: async (disk, body) => await verify(disk, body.mark === true),
  resize: async (disk, body) => {
    const sizeBytes = number(body, 'sizeBytes');
    await spoken(disk, EXTENSION, () => resize(disk, sizeBytes, body.force === true));
    return { sizeBytes: disk.copy.record.sizeBytes };
  },
  'update-key': async (disk) => {
    await updateKey(disk);
    return { key: disk.line.keyring?.ids[0] ?? null };
  },
  /** From the other agent, while the two are not connected. */
  'load-key': async (disk, body) => {
    await loadKey(disk, text(body, 'key'));
    return {};
  },
  'switch-connect': async (disk, body) => {
    const priority = body.priority ?? null;
    if (priority !== null && number(body, 'priority') < 1) throw malformed(body, 'priority');
    return { net: await switchConnect(disk, priority === null ? null : number(body, 'priority')) };
  },
  'set-option': async (disk, body) => {
    if (typeof body.on !== 'boolean') throw malformed(body, 'on');
    await setOption(disk, word(body, 'option', ['compress', 'sync']), body.on);
    return {};
  },
};
