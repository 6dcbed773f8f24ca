/** A checkpoint of the record when a window closes, and where it is kept beyond this host. */
import { keepAnchor } from '../../adapters/anchors.ts';
import { sshKeygen } from '../../adapters/ssh-keygen.ts';
import { systemClock } from '../../adapters/system-clock.ts';
import { makeCheckpoint, readCheckpoint } from '../../audit/checkpoint.ts';
import { describeError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { JournalEntry } from '../../schema/generated/journal-entry.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { Cli } from '../context.ts';
import { openJournal } from '../record/journal.ts';
import type { Identity } from './keys.ts';

export interface Sealing {
  policy: Policy;
  identity: Identity;
  window: string;
}

/** A place that cannot be reached must not keep a window from being closed; it is said aloud. */
async function isKept(cli: Cli, entry: JournalEntry, place: string): Promise<boolean> {
  try {
    await keepAnchor(entry, place);
    cli.say(`kept at ${place}`);
    return true;
  } catch (error) {
    cli.say(cli.paint('red', `not kept at ${place}: ${describeError(error)}`));
    cli.say(`once it can be reached: drydock audit anchor --to ${place}`);
    return false;
  }
}

/** Signed where the policy lets that person sign the record; unsigned it still orders entries. */
export async function sealWindow(cli: Cli, sealing: Sealing): Promise<JsonObject> {
  const { policy, identity, window } = sealing;
  const person = policy.people.find(({ principal }) => principal === identity.principal);
  const maySign = person?.roles.includes('checkpoint') === true;
  const signing = maySign
    ? {
        by: identity.principal,
        sign: (text: string) => sshKeygen().sign(text, 'drydock.checkpoint', identity.key),
      }
    : null;
  if (!signing) {
    cli.say(
      cli.paint('yellow', `the checkpoint is not signed: ${identity.principal} has no such role`),
    );
  }
  const journal = await openJournal(cli);
  try {
    const why = `window ${window} closed`;
    const entry = await makeCheckpoint(journal, {
      clock: systemClock(),
      why,
      signing,
      counted: window,
    });
    const { size, root } = readCheckpoint(entry.body)!.checkpoint;
    cli.say(`checkpoint: entry ${entry.seq} stands for ${size} entries, root ${root.slice(0, 16)}`);
    const kept: string[] = [];
    for (const place of policy.anchors ?? []) {
      if (await isKept(cli, entry, place)) kept.push(place);
    }
    return { seq: entry.seq, size, root, signed: maySign, anchors: kept };
  } finally {
    await journal.close();
  }
}
