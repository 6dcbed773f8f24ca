/**
 * What was read from a clp.conf, for whoever only reads it: the same text gives the same object, which
 * nobody can change. In a twin every process of every server starts with the same file.
 */
import { frozen } from '../core/frozen.ts';
import type { MailServer } from '../ports/mail.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { mailServerOf } from './mail.ts';
import { parseClusterConfiguration } from './read.ts';

/** Texts whose reading is kept: that of a cluster, and what it was or becomes. */
const MOST_TEXTS = 8;

type Read<T> = (text: string, file: string) => T;

/** Reads a text once. What throws is read again, so that its error names the file at hand. */
function once<T>(read: Read<T>): Read<T> {
  const known = new Map<string, T>();
  return (text, file) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = frozen(read(text, file));
    const [oldest] = known.keys();
    if (known.size >= MOST_TEXTS && oldest !== undefined) known.delete(oldest);
    known.set(text, value);
    return value;
  };
}

/** As parseClusterConfiguration, and throws as it does. */
export const sharedConfiguration: Read<ClusterConfiguration> = once(parseClusterConfiguration);

/** As mailServerOf, and throws as it does. */
export const sharedMailServer: Read<MailServer | null> = once(mailServerOf);
