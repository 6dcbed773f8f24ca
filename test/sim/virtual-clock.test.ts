import test from 'ava';
import fc from 'fast-check';
import { SeededRandom } from '../../src/sim/seeded-random.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';

test('timers fire in order of time, then of arming', (t) => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (times) => {
      const clock = new VirtualClock(0);
      const fired: [number, number][] = [];
      times.forEach((at, index) => {
        clock.at(at, () => fired.push([clock.now(), index]));
      });
      clock.advanceTo(100);
      const expected = times
        .map((at, index): [number, number] => [at, index])
        .sort(([a, i], [b, j]) => a - b || i - j);
      t.deepEqual(fired, expected);
      t.is(clock.now(), 100);
    }),
  );
});

test('a cancelled timer never fires and is not counted as pending', (t) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean())), (timers) => {
      const clock = new VirtualClock(0);
      let fired = 0;
      for (const [at, isCancelled] of timers) {
        const cancel = clock.at(at, () => fired++);
        if (isCancelled) cancel();
        if (isCancelled) cancel();
      }
      const kept = timers.filter(([, isCancelled]) => !isCancelled).length;
      t.is(clock.pending, kept);
      clock.advanceTo(100);
      t.is(fired, kept);
      t.is(clock.next(), null);
    }),
  );
});

test('a timer armed in the past fires now, and chained timers keep their own times', (t) => {
  const clock = new VirtualClock(1000);
  const seen: string[] = [];
  clock.at(5, () => {
    seen.push(`late ${clock.now()}`);
    clock.at(1010, () => {
      seen.push(`first ${clock.now()}`);
      clock.at(1015, () => seen.push(`second ${clock.now()}`));
    });
  });
  clock.advanceTo(1012);
  t.deepEqual(seen, ['late 1000', 'first 1010']);
  clock.advanceTo(1015);
  t.deepEqual(seen, ['late 1000', 'first 1010', 'second 1015']);
});

test('a quiet timer stirs nothing unless somebody awaits an answer', (t) => {
  const clock = new VirtualClock(0);
  clock.atQuietly(1, () => undefined);
  clock.atQuietly(2, () => undefined);
  clock.at(3, () => undefined);
  clock.fireNext();
  t.false(clock.stirred);
  clock.isAwaited = () => true;
  clock.fireNext();
  t.true(clock.stirred);
  clock.isAwaited = () => false;
  clock.stirred = false;
  clock.fireNext();
  t.true(clock.stirred);
});

test('one seed gives one stream, another seed and a fork another', (t) => {
  const draw = (random: SeededRandom) => Array.from({ length: 20 }, () => random.id());
  t.deepEqual(draw(new SeededRandom(7)), draw(new SeededRandom('7')));
  t.notDeepEqual(draw(new SeededRandom(7)), draw(new SeededRandom(8)));
  t.notDeepEqual(draw(new SeededRandom(7)), draw(new SeededRandom(7).fork('server1')));
  for (const id of draw(new SeededRandom(7))) t.regex(id, /^[0-9a-f]{16}$/);
});

test('draws spread over the whole range', (t) => {
  const random = new SeededRandom('spread');
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) counts[random.below(10)]!++;
  for (const count of counts) t.true(count > 850 && count < 1150, String(counts));
});
