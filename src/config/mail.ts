/**
 * The mail server of a cluster. No manual and no configuration of the field that we know shows which
 * elements hold it, so these are our choice, below /root/cluster/mail:
 *
 *     address        who gets the mails, with commas between them
 *     smtp/server    smtp/port (25)    smtp/sender    smtp/timeout, in seconds (30)
 */
import type { MailServer } from '../ports/mail.ts';
import { valueIn } from './look-up.ts';
import { parseXml } from './xml.ts';

const ROOT = '/root/cluster/mail';
const MOST_SECONDS = 300;

function numberOf(text: string | null, otherwise: number, most: number): number {
  const value = Number(text ?? otherwise);
  return Number.isInteger(value) && value >= 1 && value <= most ? value : otherwise;
}

/** null: no mail is sent. `text`: a clp.conf, already known to be readable. */
export function mailServerOf(text: string, file: string): MailServer | null {
  const { root } = parseXml(text, file);
  const value = (path: string) => valueIn(root, `${ROOT}/${path}`);
  const host = value('smtp/server')?.trim();
  const to = (value('address') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (!host || to.length === 0) return null;
  return {
    host,
    port: numberOf(value('smtp/port'), 25, 65_535),
    from: value('smtp/sender')?.trim() || (to[0] as string),
    to,
    timeoutMs: numberOf(value('smtp/timeout'), 30, MOST_SECONDS) * 1000,
  };
}
