/** Mail never holds anything up: one at a time, bounded, one warning. */
import test from 'ava';
import { Mailing, mailOf } from '../../src/host/mailing.ts';
import type { MailServer } from '../../src/ports/mail.ts';

const SERVER: MailServer = { host: 'h', port: 25, from: 'c@x', to: ['a@x'], timeoutMs: 5_000 };
const message = (subject: string) => ({ subject, text: 'x' });

function stage(send: (subject: string) => Promise<void>) {
  const timers: { at: number; fn: () => void }[] = [];
  const failures: string[] = [];
  const tried: string[] = [];
  const clock = {
    now: () => 0,
    at(time: number, fn: () => void) {
      const timer = { at: time, fn };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), 1);
    },
  };
  const mailing = new Mailing({
    clock: clock as never,
    mail: {
      send(_server, { subject }) {
        tried.push(subject);
        return send(subject);
      },
    },
    onSent: () => undefined,
    onFailure: ({ host }, why) => failures.push(`${host}: ${why}`),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { mailing, timers, failures, tried, settle };
}

test('a server that hangs is given up after its limit, and said once until it takes mail', async (t) => {
  let hangs = true;
  const made = stage(() => (hangs ? new Promise(() => undefined) : Promise.resolve()));
  const { mailing, timers, failures, tried, settle } = made;
  for (const subject of ['1', '2', '3']) mailing.send(SERVER, message(subject));
  await settle();
  t.deepEqual([tried, timers.map(({ at }) => at)], [['1'], [6_000]]);
  for (const subject of ['1', '2', '3']) {
    t.is(tried.at(-1), subject);
    timers.shift()!.fn();
    await settle();
  }
  t.deepEqual(failures, ['h: it did not take the mail within 5 s']);
  hangs = false;
  mailing.send(SERVER, message('4'));
  await settle();
  hangs = true;
  mailing.send(SERVER, message('5'));
  await settle();
  timers.shift()!.fn();
  await settle();
  t.deepEqual([failures.length, timers.length], [2, 0]);
});

test('a server that refuses is said once', async (t) => {
  const { mailing, failures, tried, settle } = stage(() => Promise.reject(new Error('550 no')));
  mailing.send(SERVER, message('1'));
  mailing.send(SERVER, message('2'));
  await settle();
  t.deepEqual([tried, failures], [['1', '2'], ['h: 550 no']]);
});

test('of more than a hundred that wait the oldest are dropped', async (t) => {
  let go: () => void = () => undefined;
  const first = new Promise<void>((resolve) => {
    go = resolve;
  });
  const { mailing, tried, settle } = stage((subject) =>
    subject === '0' ? first : Promise.resolve(),
  );
  for (let nth = 0; nth <= 150; nth += 1) mailing.send(SERVER, message(String(nth)));
  go();
  await settle();
  t.deepEqual([tried.length, tried[1], tried.at(-1)], [101, '51', '150']);
});

test('what a mail says', (t) => {
  const entry = { at: 0, server: 's1', module: 'rc', level: 'Error', id: 32, to: [], text: 'no' };
  t.deepEqual(mailOf(entry as never), {
    subject: '[s1] Error: rc 32',
    text: '1970-01-01T00:00:00.000Z  s1  rc 32  Error\nno\n',
  });
});
