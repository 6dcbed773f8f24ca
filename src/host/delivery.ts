/**
 * Where messages go, as edited on a server: the files of v3 12.3, one a module, in
 * /opt/nec/clusterpro/messages. Pure.
 *
 *     ID=13
 *     SEND=syslog,alert,mail
 *     MSG=A problem is detected in configuration file.
 *     LVL=ERR
 *
 * Only ID and SEND count; a block that cannot be read leaves its message as delivered. The manual says of
 * the eight files of v3; that those of every module are read, in both generations, is our choice.
 */
import { directory } from '../core/directories.ts';
import type { Destination, LogEntry } from '../ports/log.ts';

/** Module and id (`pm 13`) → where it goes. */
export type Deliveries = ReadonlyMap<string, readonly Destination[]>;

const KNOWN: readonly string[] = ['alert', 'syslog', 'mail', 'snmp'];
const LEVELS = { Info: 'INFO', Warning: 'WARN', Error: 'ERR' };
const ENDING = '.msg.us';

export const MESSAGES_PATH = directory('messages');
/** The files whose edits count from the next boot of the server on, not from that of the daemon. */
export const READ_AT_BOOT: readonly string[] = ['mdagent', 'mdadmn'];

/** The module that a file is of; null: it is no such file. */
export function moduleOf(file: string): string | null {
  return /^[a-z]{1,20}\.msg\.us$/.test(file) ? file.slice(0, -ENDING.length) : null;
}

export function fileOf(module: string): string {
  return `${MESSAGES_PATH}/${module}${ENDING}`;
}

/** What one file says. */
export function readDeliveries(module: string, text: string): Deliveries {
  const found = new Map<string, readonly Destination[]>();
  let id: number | null = null;
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ''] = /^\s*(\w+)\s*=(.*)$/.exec(line) ?? [];
    if (name === 'ID') id = /^\s*\d{1,6}\s*$/.test(value) ? Number(value) : null;
    if (name !== 'SEND' || id === null) continue;
    const to = value.split(',').map((one) => one.trim());
    if (to.every((one) => KNOWN.includes(one))) found.set(`${module} ${id}`, to as Destination[]);
  }
  return found;
}

/** A file as delivered. */
export function writeDeliveries(rows: readonly Pick<LogEntry, 'id' | 'to' | 'text' | 'level'>[]) {
  return rows
    .map(({ id, to, text, level }) => {
      // In the order in which the manual shows them.
      const send = ['syslog', 'alert', 'mail', 'snmp'].filter((one) => to.includes(one as never));
      return `ID=${id}\nSEND=${send.join(',')}\nMSG=${text}\nLVL=${LEVELS[level]}\n`;
    })
    .join('\n');
}
