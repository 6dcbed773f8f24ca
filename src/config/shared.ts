/**
 * What was read from a clp.conf, for whoever only reads it: the same text gives the same object, which
 * nobody can change. In a twin every process of every server starts with the same file.
 */
import { frozen } from '../core/frozen.ts';
import { perText } from '../core/per-text.ts';
import { mailServerOf } from './mail.ts';
import { parseClusterConfiguration } from './read.ts';

/** As parseClusterConfiguration, and throws as it does. */
export const sharedConfiguration = perText((text, file: string) =>
  frozen(parseClusterConfiguration(text, file)),
);

/** As mailServerOf, and throws as it does. */
export const sharedMailServer = perText((text, file: string) => frozen(mailServerOf(text, file)));
