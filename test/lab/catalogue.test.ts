/**
 * Runbooks live: of all their situations some, spread over the catalogue, are rehearsed on a twin of
 * a lab and run there. Every step ends as foretold, or the run parks. All: `npm run lab-runs`.
 */
import { join } from 'node:path';
import test from 'ava';
import { buildPrograms } from '../../scripts/build.ts';
import { liveCase, whyTwinOnly } from '../support/lab-cases.ts';
import { CASES } from '../support/twin-worlds.ts';
import { makePlace } from './support.ts';

/** The others are left to the whole: each takes some seconds. */
const ONE_OF = 12;

const LIMIT_MS = 300_000;

const place = makePlace();
test.before(() => buildPrograms());
test.after.always(() => place.remove());

const live = CASES.filter((made) => whyTwinOnly(made) === null);
for (const [index, made] of live.entries()) {
  if (index % ONE_OF !== 0) continue;
  test.serial(`live as foretold: ${made.title}`, async (t) => {
    t.timeout(LIMIT_MS);
    const { differs } = await liveCase(join(place.folder, `${index}`), made);
    t.is(differs, null);
  });
}
