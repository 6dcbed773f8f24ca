import test from 'ava';
import { commands } from '../../src/commands/index.ts';
import { commandNames, loadCommand } from '../../src/commands/load.ts';

test('the commands loaded one by one are the commands that there are', async (t) => {
  t.deepEqual([...commandNames].sort(), [...commands.keys()].sort());
  for (const [name, command] of commands) t.is(await loadCommand(name), command, name);
});

test('a name that is no command loads nothing, an inherited one neither', (t) => {
  t.is(loadCommand('rm'), null);
  t.is(loadCommand('constructor'), null);
});
