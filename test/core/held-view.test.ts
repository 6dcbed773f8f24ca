import test from 'ava';
import { HELD_MS, HeldView } from '../../src/core/held-view.ts';

test('A view that is held passes when it is another one, and unseen when nobody may hold it', (t) => {
  let [now, value, views, editions] = [0, 'a', 0, 0];
  const held = new HeldView({
    now: () => now,
    view() {
      views += 1;
      return { now, value };
    },
    lasts: () => true,
    edition: {
      next() {
        editions += 1;
      },
    },
  });
  const seen = () => {
    held.check();
    return { views, editions };
  };
  t.deepEqual(seen(), { views: 0, editions: 0 }, 'nobody asked');
  held.answer();
  now = HELD_MS;
  t.deepEqual(seen(), { views: 2, editions: 0 }, 'the same');
  value = 'b';
  t.deepEqual(seen(), { views: 3, editions: 1 }, 'another');
  held.answer();
  now += HELD_MS + 1;
  t.deepEqual(seen(), { views: 4, editions: 2 }, 'held too long: not looked at');
  t.deepEqual(seen(), { views: 4, editions: 2 }, 'nobody holds it');
});
