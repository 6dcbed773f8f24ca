/** A licence that ends, or begins, while the daemon runs: found as the day begins. */
import test from 'ava';
import { type DaemonState, initialDaemon } from '../../src/engine/index.ts';
import { stepDaemon } from '../../src/engine/step.ts';
import { twoServers } from './config.ts';

const DAY_MS = 86_400_000;
const LAST = `product=LE30\nkind=trial\nserial=A1\nuntil=1970-01-01\ncount=2\n`;
const NEXT = `${LAST}\nproduct=LE30\nserial=A2\nfrom=1970-01-02\ncount=1\n`;

type Event = Parameters<typeof stepDaemon>[1];

function daemonAt(now: number) {
  let state: DaemonState = initialDaemon(twoServers(), 'server1', null);
  const made = {
    now,
    take(event: Event) {
      const step = stepDaemon(state, event, made.now);
      state = step.state;
      return step.effects;
    },
  };
  made.take({ type: 'part.started', bootId: 'b' });
  return made;
}

const said = (effects: ReturnType<ReturnType<typeof daemonAt>['take']>) =>
  effects.flatMap((one) => (one.type === 'log' ? [`${one.module} ${one.id}`] : []));

/** A daemon that runs over midnight; `text`: what its host then reads, null: it does not answer. */
function overMidnight(first: string, text: string | null) {
  const daemon = daemonAt(DAY_MS - 1000);
  const started = daemon.take({ type: 'licences.found', text: first });
  const armed = started.find((one) => one.type === 'armTimer' && one.id === 'licences');
  daemon.now = DAY_MS;
  const asked = daemon.take({ type: 'timer.fired', id: 'licences' });
  const request = asked.find((one) => one.type === 'sendRequest');
  const id = request?.type === 'sendRequest' ? request.id : '';
  const effects = daemon.take(
    text === null
      ? { type: 'request.failed', id, code: 'timeout', message: 'silence' }
      : { type: 'request.answered', id, body: { text } },
  );
  const next = effects.find((one) => one.type === 'armTimer' && one.id === 'licences');
  return {
    armedAt: armed?.type === 'armTimer' ? armed.at : null,
    says: said(effects),
    nextAt: next?.type === 'armTimer' ? next.at : null,
  };
}

const lines: [
  what: string,
  first: string,
  text: string | null,
  says: string[],
  next: number | null,
][] = [
  ['a trial ends: the cluster stops here', LAST, LAST, ['rm 54', 'rm 57', 'pm 2', 'pm 24'], null],
  ['another begins on that day', NEXT, NEXT, ['rm 50', 'rm 52'], null],
  [
    'another was registered meanwhile',
    LAST,
    `${LAST}\nproduct=LE30\nserial=B1\ncount=2\n`,
    ['rm 50'],
    null,
  ],
  ['the host does not answer: it is asked again', LAST, null, [], DAY_MS + 60_000],
  ['the file is spoilt', LAST, 'nonsense', ['rm 56'], null],
  ['nothing of it ends yet', LAST, LAST.replace('01-01', '01-09'), [], 2 * DAY_MS],
];

for (const [what, first, text, says, nextAt] of lines) {
  test(`as the day begins, ${what}`, (t) => {
    t.deepEqual(overMidnight(first, text), { armedAt: DAY_MS, says, nextAt });
  });
}

test('a licence without an end is not read again', (t) => {
  const effects = daemonAt(0).take({
    type: 'licences.found',
    text: 'product=LE30\nserial=A1\ncount=2\n',
  });
  t.false(effects.some((one) => one.type === 'armTimer' && one.id === 'licences'));
});
