import test from 'ava';
import { HELD_MS } from '../../src/core/held-view.ts';
import type { ServerLook } from '../../src/ports/views.ts';
import { booted, Chassis } from './harness.ts';

const LOOK = { do: 'look', withinMs: 800 };
const FACTS = { configHash: 'hash', mirrorBreaks: {} };

/** The look that was answered, a part in a word or two. */
function shown(chassis: Chassis): Record<string, unknown> {
  const { power, host, daemon, agent } = chassis.answer as ServerLook;
  const parts = Object.entries({ host, daemon, agent }).map(([name, { agoMs, ...said }]) => {
    const [kind, what] = Object.entries(said)[0] as [string, Record<string, unknown>];
    const word = kind === 'view' ? (what.bootId ? 'a view' : what.of) : what.code;
    return [name, `${kind} ${word}, ${agoMs} ms ago`];
  });
  return { power: power.power, ...Object.fromEntries(parts) };
}

type Editions = Record<'daemon' | 'agent', string | null>;

/** The look's own effects, and those that follow when the editions of the parts were read. */
function looks(chassis: Chassis, to: 'bmc' | 'host', editions: Partial<Editions> = {}): string[] {
  const first = chassis.ask(to, LOOK);
  if (!first.some((line) => line.startsWith('readEditions'))) return first;
  const all = { daemon: null, agent: null, ...editions };
  const then = chassis.take({ type: 'editions.read', id: chassis.lastId, editions: all });
  return [...first, ...then];
}

const read = (chassis: Chassis) =>
  chassis.take({ type: 'facts.read', id: `look:${chassis.lastId}/host`, facts: FACTS });
const says = (chassis: Chassis, part: string) =>
  chassis.take({
    type: 'request.answered',
    id: `look:${chassis.lastId}/${part}`,
    body: { of: part },
  });
const fails = (chassis: Chassis, part: string, code: string) =>
  chassis.take({
    type: 'request.failed',
    id: `look:${chassis.lastId}/${part}`,
    code,
    message: 'in words',
  });

for (const to of ['bmc', 'host'] as const) {
  test(`A look at the ${to} asks the daemon and the agent, and is answered when all have`, (t) => {
    const chassis = booted();
    t.deepEqual(
      looks(chassis, to),
      [
        'armTimer look:r2 2800',
        'readFacts look:r2/host []',
        'readEditions r2',
        'sendRequest look:r2/daemon {"server":"server1","part":"daemon"} {"do":"status"} 800',
        'sendRequest look:r2/agent {"server":"server1","part":"agent"} {"do":"status"} 800',
      ].map((line) =>
        line.replaceAll('r2', chassis.lastId).replace(/ 2800$/, ` ${chassis.now + 800}`),
      ),
    );
    t.deepEqual(says(chassis, 'agent'), []);
    chassis.now += 3;
    t.deepEqual(says(chassis, 'daemon'), []);
    chassis.now += 2;
    t.like(read(chassis), { 0: `cancelTimer look:${chassis.lastId}` });
    t.deepEqual(shown(chassis), {
      power: 'on',
      host: 'view a view, 0 ms ago',
      daemon: 'view daemon, 2 ms ago',
      agent: 'view agent, 5 ms ago',
    });
    t.deepEqual(says(chassis, 'daemon'), [], 'a second answer is nobody’s');
  });
}

test('A part that is silent is waited for so long, and keeps the others from nobody', (t) => {
  const chassis = booted();
  looks(chassis, 'bmc');
  read(chassis);
  says(chassis, 'agent');
  chassis.fire(`look:${chassis.lastId}`);
  t.deepEqual(shown(chassis), {
    power: 'on',
    host: 'view a view, 800 ms ago',
    daemon: 'silent timeout, 0 ms ago',
    agent: 'view agent, 800 ms ago',
  });
  t.deepEqual(fails(chassis, 'daemon', 'timeout'), []);
});

test('What a part refuses is a refusal, and what the wire says of it is silence', (t) => {
  const chassis = booted();
  looks(chassis, 'bmc');
  fails(chassis, 'daemon', 'defect');
  fails(chassis, 'agent', 'refused');
  read(chassis);
  t.like(shown(chassis), {
    daemon: 'refused defect, 0 ms ago',
    agent: 'silent refused, 0 ms ago',
  });
});

test('A part that does not run is not asked; the files of a mirror are read in its place', (t) => {
  const chassis = booted(true);
  looks(chassis, 'bmc');
  const facts = chassis.all.findLast(({ type }) => type === 'readFacts');
  t.like(facts, { mirrors: ['md1'] });
  read(chassis);
  t.deepEqual(shown(chassis), {
    power: 'on',
    host: 'view a view, 0 ms ago',
    daemon: 'silent refused, 0 ms ago',
    agent: 'silent refused, 0 ms ago',
  });
});

test('Without power the controller answers at once, and the host refuses', (t) => {
  const chassis = new Chassis();
  looks(chassis, 'bmc');
  t.deepEqual(shown(chassis), {
    power: 'off',
    host: 'refused os.off, 0 ms ago',
    daemon: 'silent refused, 0 ms ago',
    agent: 'silent refused, 0 ms ago',
  });
  chassis.ask('host', LOOK);
  t.is(chassis.refused, 'os.off');
});

test('A machine that hangs is silent, and its controller says so when the time is over', (t) => {
  const chassis = booted();
  chassis.ask('bmc', { do: 'freeze' });
  t.deepEqual(chassis.ask('host', LOOK), []);
  t.deepEqual(chassis.ask('bmc', LOOK), [`armTimer look:${chassis.lastId} ${chassis.now + 800}`]);
  chassis.fire(`look:${chassis.lastId}`);
  t.like(shown(chassis), { power: 'on', host: 'silent timeout, 0 ms ago' });
});

test('Who has not said anything when the system goes has nothing to say in the next boot', (t) => {
  const chassis = booted();
  looks(chassis, 'bmc');
  says(chassis, 'agent');
  const look = chassis.lastId;
  chassis.ask('bmc', { do: 'power.reset' });
  const answers = chassis.effects.filter((effect) => 'id' in effect && effect.id === look);
  t.is(answers.length, 1);
  const reply = answers[0] as { type: string; body: unknown };
  t.is(reply.type, 'sendReply');
  const { host, daemon, agent } = reply.body as ServerLook;
  t.like(host, { refused: { code: 'os.off' } });
  t.like(daemon, { silent: { code: 'refused' } });
  t.like(agent, { view: { of: 'agent' } });
  t.deepEqual(chassis.state.live.looking, {});
});

test('A look without a time is refused, and one for ever ends', (t) => {
  const chassis = booted();
  chassis.ask('bmc', { do: 'look' });
  t.is(chassis.refused, 'request.malformed');
  chassis.ask('bmc', { do: 'look', withinMs: 1e9 });
  t.is(chassis.timers.get(`look:${chassis.lastId}`), chassis.now + 10_000);
});

/** Who is asked for its status by a look that is made now. */
function asked(chassis: Chassis, editions: Partial<Editions>): string[] {
  return looks(chassis, 'bmc', editions)
    .filter((line) => line.startsWith('sendRequest'))
    .map((line) => /\/(daemon|agent) /.exec(line)?.[1] ?? line);
}

/** A server of which daemon and agent were heard at their first editions. */
function heard(): Chassis {
  const chassis = booted();
  looks(chassis, 'bmc', { daemon: 'd1', agent: 'a1' });
  for (const part of ['daemon', 'agent']) {
    const body = { of: part, now: 7 };
    chassis.take({ type: 'request.answered', id: `look:${chassis.lastId}/${part}`, body });
  }
  read(chassis);
  return chassis;
}

test('What a part said last is its view as long as its edition is the same', (t) => {
  const chassis = heard();
  chassis.now += 100;
  t.deepEqual(asked(chassis, { daemon: 'd1', agent: 'a1' }), []);
  read(chassis);
  const { daemon, agent } = chassis.answer as ServerLook;
  t.deepEqual(daemon, { view: { of: 'daemon', now: chassis.now }, agoMs: 0 });
  t.deepEqual(agent, { view: { of: 'agent', now: chassis.now }, agoMs: 0 });
  t.deepEqual(asked(chassis, { daemon: 'd2', agent: 'a1' }), ['daemon']);
});

const NOT_HELD: [string, Partial<Editions>, (chassis: Chassis) => unknown][] = [
  ['another edition', { daemon: 'd2', agent: 'a1' }, () => {}],
  ['no edition: it is stopped', { daemon: null, agent: 'a1' }, () => {}],
  ['too long ago', { daemon: 'd1', agent: null }, (chassis) => (chassis.now += HELD_MS + 1)],
  ['a clock that was set back', { daemon: 'd1' }, (chassis) => (chassis.now -= 1)],
];
for (const [why, editions, happens] of NOT_HELD) {
  test(`A part is asked anew: ${why}`, (t) => {
    const chassis = heard();
    happens(chassis);
    t.true(asked(chassis, editions).includes('daemon'));
  });
}

const SAME = { daemon: 'd1', agent: 'a1' };

/** By part: the timer after which it is asked again, once a look made now has been answered. */
function renewals(chassis: Chassis): Record<string, string> {
  const before = new Set(chassis.timers.keys());
  looks(chassis, 'bmc', SAME);
  read(chassis);
  const begun = [...chassis.timers.keys()].filter((id) => !before.has(id));
  return Object.fromEntries(begun.map((id) => [id.slice(id.lastIndexOf('/') + 1), id]));
}

test('Who looks steadily waits for no part: what is half over is asked again after the look', (t) => {
  const chassis = heard();
  chassis.now += HELD_MS / 2;
  t.deepEqual(renewals(chassis), {}, 'not half over yet');
  chassis.now += 1;
  const { daemon = '', agent = '' } = renewals(chassis);
  t.truthy(daemon && agent);
  t.deepEqual(renewals(chassis), {}, 'on its way already');
  t.deepEqual(chassis.fire(daemon), [
    `sendRequest ${daemon} {"server":"server1","part":"daemon"} {"do":"status"} ${HELD_MS}`,
  ]);
  t.deepEqual(
    chassis.take({ type: 'request.answered', id: daemon, body: { of: 'again', now: 9 } }),
    [],
  );
  chassis.fire(agent);
  t.deepEqual(
    chassis.take({ type: 'request.failed', id: agent, code: 'timeout', message: '' }),
    [],
  );
  chassis.now += HELD_MS / 2;
  t.deepEqual(asked(chassis, SAME), ['agent'], 'of which nothing was heard since');
  says(chassis, 'agent');
  read(chassis);
  t.like((chassis.answer as ServerLook).daemon, { view: { of: 'again', now: chassis.now } });
});

test('A part that was asked again and meanwhile ended, or has another edition, is asked anew', (t) => {
  const answers = (chassis: Chassis, id: string) =>
    chassis.take({ type: 'request.answered', id, body: { of: 'late', now: 9 } });
  const chassis = heard();
  chassis.now += HELD_MS - 1;
  const { daemon = '', agent = '' } = renewals(chassis);
  for (const id of [daemon, agent]) chassis.fire(id);
  chassis.exit('daemon', 0);
  chassis.ask('host', { do: 'service', name: 'clusterpro', op: 'start' });
  for (const id of [daemon, agent]) answers(chassis, id);
  t.deepEqual(asked(chassis, { daemon: 'd1', agent: 'a2' }), ['daemon', 'agent']);
});

test('A part that ended has said nothing, whatever its next process counts', (t) => {
  const chassis = heard();
  chassis.exit('daemon', 0);
  t.deepEqual(asked(chassis, { daemon: 'd1', agent: 'a1' }), [], 'it does not run');
  chassis.ask('host', { do: 'service', name: 'clusterpro', op: 'start' });
  t.deepEqual(asked(chassis, { daemon: 'd1', agent: 'a1' }), ['daemon']);
});

test('An answer to who asked before an edition began is not held for it', (t) => {
  const chassis = booted();
  looks(chassis, 'bmc', { daemon: 'd1', agent: 'a1' });
  says(chassis, 'daemon');
  t.deepEqual(asked(chassis, { daemon: 'd2', agent: 'a1' }), ['daemon', 'agent']);
});

test('Nothing is held over a boot', (t) => {
  const chassis = heard();
  chassis.ask('bmc', { do: 'power.reset' });
  t.deepEqual(chassis.state.live.held, {});
});
