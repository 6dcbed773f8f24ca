/**
 * Two hundred of the simulated histories; `npm run simulate` plays as many as you like. What one of
 * them finds is shown by `npm run simulate -- --seed N --show`, and cut down without `--seed`.
 */
import test from 'ava';
import { historyOf, playHistory } from './play.ts';

const SEEDS = 200;
const A_TEST = 25;

for (let first = 1; first <= SEEDS; first += A_TEST) {
  test(`histories ${first} to ${first + A_TEST - 1} show nothing that may not be`, async (t) => {
    for (let seed = first; seed < first + A_TEST; seed++) {
      const { outcome, violation } = await playHistory(await historyOf(seed));
      t.is(violation, null, `seed ${seed}:\n${outcome}`);
    }
  });
}

test('one seed gives one history, to the same end', async (t) => {
  const history = await historyOf(5);
  t.deepEqual(await historyOf(5), history);
  t.deepEqual(await playHistory(history), await playHistory(history));
});
