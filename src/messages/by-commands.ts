/**
 * The messages that commands raise, through the host of the server that they run on: what was asked
 * for, and what of it failed. A host takes no other key from anybody. The X series alone has them.
 */
import type { MessageKey } from './index.ts';

export const BY_COMMANDS = [
  'startRequested',
  'stopRequested',
  'suspendRequested',
  'resumeRequested',
  'startRequestFailed',
  'stopRequestFailed',
  'suspendRequestFailed',
  'resumeRequestFailed',
  'requestFailedOnSome',
  'startFailedOnSome',
  'stopFailedOnSome',
  'stopWhileRunning',
  'shutdownRequested',
  'rebootRequested',
  'shutdownRequestFailed',
  'rebootRequestFailed',
  'configurationUploaded',
] as const satisfies MessageKey<'x5'>[];

export type CommandMessage = (typeof BY_COMMANDS)[number];
