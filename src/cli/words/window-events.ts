/** What use cases tell of windows, and of what is to be signed, in words. */
import type { SignatureEvent, WindowEvent } from '../../service/events.ts';
import type { SignedThing } from '../../service/window/keys.ts';
import type { Cli } from '../context.ts';
import { warnOfShown } from '../run/giving-secrets.ts';
import { windowWords } from '../window/words.ts';
import type { Words } from './events.ts';

const instant = (at: number) => new Date(at).toISOString();

function thingWords(thing: SignedThing): string {
  if (thing.is === 'request') return `the request ${thing.window}`;
  return thing.is === 'policy' ? `version ${thing.version} of the policy` : `the ${thing.is}`;
}

type Glass = 'glass.asked' | 'glass.broken' | 'gates.broken';

/** Break-glass is said in red. */
function glassWords(cli: Cli): Pick<Words<WindowEvent>, Glass> {
  const loudly = (lines: readonly string[]) => {
    for (const line of lines) cli.say(cli.paint(['bold', 'red'], line));
  };
  return {
    'glass.asked': ({ cluster, isOfGates }) => {
      const words = isOfGates
        ? `this lets through on ${cluster} whatever its gates cannot judge`
        : `this opens ${cluster} for changes that nobody approved`;
      cli.say(cli.paint('red', words));
    },
    'glass.broken': ({ window, by, reason, endsAt }) =>
      loudly([
        `BREAK-GLASS: ${window} is open until ${instant(endsAt)}, by ${by}`,
        `  reason: ${reason}`,
        '  nobody approved it; everything done in it is recorded, and it owes a review',
        `  afterwards: drydock window close ${window}, then somebody else: drydock window review ${window}`,
      ]),
    'gates.broken': ({ who, servers, reason }) =>
      loudly([
        `BREAK-GLASS without documents by ${who}, for an hour, on ${servers.join(', ') || 'no server'}`,
        `  reason: ${reason}`,
        '  what the gates can judge they judge as ever; every command is noted by its server',
      ]),
  };
}

export function windowEventWords(cli: Cli): Words<WindowEvent | SignatureEvent> {
  const warn = (words: string) => cli.say(cli.paint('yellow', words));
  return {
    ...glassWords(cli),
    'document.odd': ({ folder, file, why }) => warn(`${folder}/${file} ${why}`),
    'documents.uneven': ({ gap }) => warn(`documents: ${gap}`),
    'server.unheld': ({ server, why }) => warn(`${server} ${why}`),
    'window.unheld': ({ window, why }) => {
      warn(`the cluster does not know of it yet: ${why}`);
      cli.say(`once it can be reached: drydock window push ${window}`);
    },
    'window.shown': ({ window, policy }) =>
      cli.say(windowWords(window, policy, cli.paint).trimEnd()),
    'window.rehearsed': ({ differences }) => {
      if (differences.length === 0) return cli.say('rehearsed again: as approved');
      warn('rehearsed again; otherwise than approved:');
      for (const line of differences) cli.say(`  ${line}`);
    },
    'request.rehearsed': ({ transcript }) => cli.say(transcript.trimEnd()),
    'window.frozen': ({ until, name }) =>
      warn(`it could not be opened before ${instant(until)}: frozen by ${name}`),
    'freeze.coming': ({ from, name }) =>
      warn(`frozen from ${instant(from)} by ${name}, before the window ends`),
    'window.owes': ({ left }) => {
      for (const { name, words, remedy } of left) {
        cli.say(`${cli.paint('yellow', name)}: ${words}; mend it with: ${remedy}`);
      }
    },
    'window.ending': ({ runs, left }) => {
      cli.say(`runs: ${runs.join(', ') || 'none'}`);
      for (const { words } of left) warn(`left on purpose: ${words}`);
    },
    'window.sealed': ({ seq, size, root }) =>
      cli.say(`checkpoint: entry ${seq} stands for ${size} entries, root ${root.slice(0, 16)}`),
    'policy.doubted': ({ doubt }) => warn(doubt),
    'signature.prepared': ({ what, principal, key }) =>
      cli.say(`${thingWords(what)} is to be signed by ${principal}, with ${key}`),
    'secrets.shown': ({ names }) => warnOfShown(cli, names),
  };
}
