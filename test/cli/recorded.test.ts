import test from 'ava';
import { topologyOf } from '../../src/change/topology.ts';
import { readConfiguration } from '../../src/cli/words/reading-configuration.ts';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import type { HandNote } from '../../src/ports/authority.ts';
import { collectNotes } from '../../src/service/notes.ts';
import { allEntries, newJournal } from '../support/records.ts';

const { text, file } = readConfiguration('v3le');
const config = parseClusterConfiguration(text, file);
const ann = { uid: 1000, name: 'ann' };

const note = (id: string, more: Partial<HandNote> = {}): HandNote => ({
  id,
  at: 1_700_000_000_000 + id.length,
  endedAt: null,
  login: { real: ann, effective: { uid: 0, name: 'root' }, terminal: '/dev/pts/3' },
  argv: ['clpgrp', '-t', 'failover1', '--password', 'hunter2'],
  window: null,
  emergency: false,
  refused: null,
  exitCode: null,
  ...more,
});

test('what people typed on the servers is recorded once, and once more when it ended', async (t) => {
  const held: Record<string, HandNote[] | null> = { server1: [note('a')], server2: null };
  const journal = newJournal();
  const ctx = { tell: () => {} };
  const typed = async (server: string) => {
    const notes = held[server];
    if (!notes) throw new Error('no answer');
    return notes;
  };
  const door = { commands: { typed } };
  const collect = () => collectNotes(ctx, { door, topology: topologyOf(config) }, journal);
  t.deepEqual(await collect(), { seen: 1, silent: ['server2: no answer'] });
  t.like(await collect(), { seen: 0 });
  held.server1 = [note('a', { endedAt: 1_700_000_009_000, exitCode: 0 })];
  held.server2 = [note('a'), note('bb', { refused: 'window.none', endedAt: 1 })];
  t.like(await collect(), { seen: 3, silent: [] });
  t.like(await collect(), { seen: 0 });
  const seen = (await allEntries(journal)).map(({ type, body }) => {
    const { server, exitCode } = body as Record<string, unknown>;
    return [type, server, exitCode];
  });
  t.deepEqual(seen, [
    ['command.seen', 'server1', null],
    ['command.seen', 'server1', 0],
    ['command.seen', 'server2', null],
    ['command.seen', 'server2', null],
  ]);
  t.notRegex(JSON.stringify(await allEntries(journal)), /hunter2/);
  t.like((await allEntries(journal))[0]!.body, { login: { real: ann, terminal: '/dev/pts/3' } });
});
