/** A checkpoint of the record when a window closes, and where it is kept beyond this host. */
import { sshKeygen } from '../adapters/ssh-keygen.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { makeCheckpoint, readCheckpoint } from '../audit/checkpoint.ts';
import type { JsonObject } from '../core/json.ts';
import type { Policy } from '../schema/generated/policy.ts';
import type { Cli } from './context.ts';
import { openJournal } from './journal.ts';
import type { Identity } from './window-keys.ts';

export interface Sealing {
  policy: Policy;
  identity: Identity;
  window: string;
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
  const journal = openJournal(cli);
  try {
    const why = `window ${window} closed`;
    const entry = await makeCheckpoint(journal, { clock: systemClock(), why, signing });
    const { size, root } = readCheckpoint(entry.body)!.checkpoint;
    cli.say(`checkpoint: entry ${entry.seq} stands for ${size} entries, root ${root.slice(0, 16)}`);
    for (const place of policy.anchors ?? []) {
      cli.say(`keep it elsewhere: drydock audit anchor --to ${place}`);
    }
    return { seq: entry.seq, size, root, signed: maySign };
  } finally {
    journal.close();
  }
}
