/** What use cases tell of the record, in words. */
import type { RecordEvent } from '../../service/events.ts';
import type { Cli } from '../context.ts';
import type { Words } from './events.ts';

export function recordWords(cli: Cli): Words<RecordEvent> {
  const warn = (words: string) => cli.say(cli.paint('yellow', words));
  return {
    'record.unwritten': ({ what, why }) => warn(`${what} is not recorded: ${why}`),
    'notes.recorded': ({ count }) =>
      cli.say(`recorded: ${count} typed on the servers since they were last asked`),
    'server.silent': ({ why }) => warn(`what was typed there is not known: ${why}`),
    'checkpoint.made': ({ seq, size, root, by }) => {
      const signed = by === null ? 'not signed (--key FILE signs it)' : `signed by ${by}`;
      cli.say(`checkpoint: entry ${seq} stands for ${size} entries, ${signed}; root ${root}`);
    },
    'checkpoint.lacking': ({ isOlder }) => {
      const why = isOlder ? 'is older than the window' : 'does not count its entries';
      cli.say(`the last checkpoint ${why}: one is made, unsigned`);
    },
    'checkpoint.kept': ({ place }) => cli.say(`stored at ${place}`),
    'checkpoint.unkept': ({ place, why }) => {
      cli.say(cli.paint('red', `not stored at ${place}: ${why}`));
      cli.say(`once it can be reached: drydock audit anchor --to ${place}`);
    },
    'checkpoint.unsigned': ({ by }) => warn(`the checkpoint is not signed: ${by} has no such role`),
  };
}
