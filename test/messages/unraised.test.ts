/** Every message of the catalogues is raised, or has a reason why it never is; never both. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import test from 'ava';
import driver from '../../src/messages/driver.json' with { type: 'json' };
import failures from '../../src/messages/failures.json' with { type: 'json' };
import own from '../../src/messages/own.json' with { type: 'json' };
import unraised from '../../src/messages/unraised.json' with { type: 'json' };
import {
  patternText,
  rangeOf,
  reasonsOfEvent,
  unraisedReasons,
  whyUnraised,
} from '../../src/messages/unraised.ts';
import v3 from '../../src/messages/v3.json' with { type: 'json' };
import x5 from '../../src/messages/x5.json' with { type: 'json' };
import type { FailureRow } from '../../src/schema/generated/failure-words.ts';
import type { MessageRow } from '../../src/schema/generated/message-catalogue.ts';
import schema from '../../src/schema/unraised-messages.schema.json' with { type: 'json' };
import { explainMessage } from '../../src/service/explain.ts';

const events = { v3: v3 as MessageRow[], x5: x5 as MessageRow[] };
const others = { driver: driver as MessageRow[], failures: failures as FailureRow[] };

test('the file is as its schema says, and gives no reason twice', (t) => {
  t.true(new Ajv({ strict: false }).compile(schema)(unraised));
  const reasons = unraisedReasons.map(({ reason }) => reason);
  t.deepEqual(reasons, [...new Set(reasons)]);
});

// That each key is raised in code, catalogue.test.ts looks at.
for (const generation of ['v3', 'x5'] as const) {
  test(`an event of ${generation} is raised, or stands under one reason`, (t) => {
    const rows = events[generation];
    t.deepEqual(
      rows
        .filter((row) => (row.key === undefined) !== (reasonsOfEvent(generation, row).length === 1))
        .map(({ module, id }) => `${module} ${id}`),
      [],
    );
    t.deepEqual(
      rows
        .filter((row) => row.key !== undefined && reasonsOfEvent(generation, row).length > 0)
        .map(({ module, id }) => `${module} ${id}`),
      [],
    );
  });

  test(`the ids with a reason are ids of ${generation}, from the first to the last`, (t) => {
    const known = new Set(events[generation].map(({ module, id }) => `${module} ${id}`));
    const named = unraisedReasons
      .flatMap((one) => one[generation] ?? [])
      .map(rangeOf)
      .flatMap(([module, first, last]) => [`${module} ${first}`, `${module} ${last}`]);
    t.deepEqual(
      named.filter((name) => !known.has(name)),
      [],
    );
  });
}

for (const catalogue of ['driver', 'failures'] as const) {
  test(`a row of ${catalogue} is raised, or a pattern fits; none fits nothing`, (t) => {
    const silent = others[catalogue].filter(({ key }) => key === undefined);
    t.deepEqual(silent.filter((row) => whyUnraised(catalogue, row) === null).map(patternText), []);
    const patterns = unraisedReasons.flatMap((one) => one[catalogue] ?? []);
    const used = silent.map((row) =>
      patterns.find((one) => new RegExp(one).test(patternText(row))),
    );
    t.deepEqual(
      patterns.filter((one) => !used.includes(one)),
      [],
    );
  });
}

test('Drydock’s own are all raised', (t) => {
  t.deepEqual(
    (own as MessageRow[]).filter(({ key }) => key === undefined),
    [],
  );
});

test('what goes nowhere as delivered stands under that, and nothing else does', (t) => {
  for (const [generation, rows] of Object.entries(events)) {
    for (const row of rows.filter(({ key }) => key === undefined)) {
      const kind = whyUnraised(generation as 'v3' | 'x5', row)?.kind;
      t.is(kind === 'noDestination', row.to.length === 0, `${row.module} ${row.id}`);
    }
  }
});

const catalogues = { ...events, ...others };

/** How many rows of a catalogue can happen here and are missing. */
function missingOf(name: keyof typeof catalogues): number {
  const rows: (MessageRow | FailureRow)[] = catalogues[name];
  return rows.filter((row) => whyUnraised(name, row)?.kind === 'notYet').length;
}

function missing(): string {
  const [first, second] = [missingOf('v3'), missingOf('x5')];
  return `${first} of v3, ${second} of the X series, ${missingOf('driver')} of the driver and ${missingOf('failures')} failures`;
}

test('how many are missing stands in ARCHITECTURE', (t) => {
  const text = readFileSync(new URL('../../ARCHITECTURE.md', import.meta.url), 'utf8');
  t.true(text.replace(/\s+/g, ' ').includes(missing()), missing());
});

const SAID: [query: string, unraised: (string | null)[]][] = [
  ['rc 32', [null, null]],
  ['rc 9002', [null]],
  ['monp 4', ['noSituation', 'noSituation']],
  ['lanhb 72', ['noDestination']],
  ['liscal malloc page', ['noSituation']],
  ['md 82', ['saidOtherwise']],
  ['sra 301', Array(7).fill('noPart')],
];

for (const [query, kinds] of SAID) {
  test(`explain ${query} says whether it is raised`, (t) => {
    const { messages } = explainMessage(query).data;
    const said = messages.flatMap(({ sayings }) => sayings);
    t.deepEqual(
      said.map(({ unraised }) => unraised?.kind ?? null),
      kinds,
    );
  });
}
