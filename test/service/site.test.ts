/** The site's own folder: its runbooks beside those that ship, its settings, files that are begun. */
import test from 'ava';
import { describeError, describeProblem } from '../../src/core/errors.ts';
import { findRunbook, lint, listRunbooks, showRunbook } from '../../src/service/run/library.ts';
import { newRunbook } from '../../src/service/run/new-runbook.ts';
import { readSettings, siteFiles } from '../../src/service/settings.ts';
import { misfitsOf } from '../support/report-schemas.ts';
import { NO_SETTINGS, siteOf } from '../support/settings.ts';

const HOUSE = `id: drain-web
title: Drain the web servers
site: Operations handbook, chapter 4
editions: [LE, X]
kind: procedure
steps:
  - id: drained
    title: The load balancer sends nobody any more
    source: ["4.1"]
    confirm: { question: Is the pool empty? }
    undo: none
`;

const OVERLAY = `overlay: v3-5.1
id: orders
title: The order database is quiet
insert:
  - at: begin
    steps: [{ id: quiet, title: Quiet, confirm: { question: Quiet? }, undo: none }]
`;

const readText = (name: string): string => {
  throw new Error(`nobody reads ${name}`);
};
const files = { 'a.runbook.yaml': HOUSE, 'b.overlay.yaml': OVERLAY };

test('its runbooks are listed beside those that ship, and what it put into those is said', (t) => {
  const { data } = listRunbooks(siteOf(files), {});
  t.deepEqual(misfitsOf(data), []);
  t.like(
    data.runbooks.find(({ id }) => id === 'drain-web'),
    { manual: null, section: null, site: 'Operations handbook, chapter 4', overlays: [] },
  );
  t.deepEqual(data.runbooks.find(({ id }) => id === 'v3-5.1')?.overlays, ['orders']);
  t.is(listRunbooks(NO_SETTINGS, {}).data.runbooks.length, data.runbooks.length - 1);
});

test('one is found by its id, and shown with what was put into it', (t) => {
  const ctx = { readText, settings: siteOf(files) };
  t.is(findRunbook(ctx, 'drain-web').found.file, 'a.runbook.yaml');
  const { data } = showRunbook(ctx, 'v3-5.1');
  t.deepEqual(misfitsOf(data), []);
  t.like(data.steps[0], { id: 'orders/quiet', overlay: 'orders' });
  t.deepEqual(
    data.overlays.map(({ id, file }) => `${id} ${file}`),
    ['orders b.overlay.yaml'],
  );
});

test('an overlay alone is no runbook', (t) => {
  const ctx = { readText: () => OVERLAY, settings: NO_SETTINGS };
  t.is(
    describeError(t.throws(() => findRunbook(ctx, './b.overlay.yaml'))),
    "./b.overlay.yaml: it is an overlay, and no runbook by itself; put it into the site's folder, and name its runbook: v3-5.1",
  );
});

function linted(settings: typeof NO_SETTINGS): string[] {
  const { data } = lint({ readText, readWhole: readText, settings }, []);
  return data.findings.map(describeProblem);
}

test('its folder is linted without the catalogue of the manuals', (t) => {
  t.deepEqual(linted(siteOf(files)), []);
});

const wrong: [name: string, files: Record<string, string>, problem: RegExp][] = [
  [
    'an id that ships',
    { 'a.runbook.yaml': HOUSE.replace('id: drain-web', 'id: v3-5.1') },
    /^a\.runbook\.yaml:1:5: id: 'v3-5\.1' stands in runbooks\/v3\/v3-5\.1\.runbook\.yaml too/,
  ],
  [
    'an id that reads as one of a manual',
    { 'a.runbook.yaml': HOUSE.replace('id: drain-web', 'id: x5-99') },
    /^a\.runbook\.yaml:1:5: id: 'x5-99' reads as a procedure of a manual/,
  ],
  [
    'a manual and a site',
    {
      'a.runbook.yaml': HOUSE.replace('site:', 'source: { manual: v3, section: "1" }\nsite:'),
    },
    /^a\.runbook\.yaml:4:7: site: a runbook of a manual is no house runbook/,
  ],
  [
    'neither of them',
    { 'a.runbook.yaml': HOUSE.replace(/site:.*\n/, '') },
    /^a\.runbook\.yaml:1:1: the runbook lacks the field 'source'; write source: …, or for a runbook of your own site: …/,
  ],
  [
    'two overlays of one name',
    { 'b.overlay.yaml': OVERLAY, 'c.overlay.yaml': OVERLAY },
    /^c\.overlay\.yaml:2:5: id: the overlay 'orders' stands in b\.overlay\.yaml too/,
  ],
  [
    'advice that names a runbook which is not there',
    { 'a.runbook.yaml': HOUSE.replace('Is the pool empty?', 'Was v3-99.1 run?') },
    /there is no runbook 'v3-99\.1'/,
  ],
];

for (const [name, given, problem] of wrong) {
  test(`${name} in its folder is a finding`, (t) => {
    const found = linted(siteOf(given));
    t.true(
      found.some((line) => problem.test(line)),
      found.join('\n'),
    );
  });
}

const settings: [text: string, said: string][] = [
  ['runbook: x\n', "unknown field 'runbook'; did you mean 'runbooks'?"],
  ['runbooks: 5\n', "'runbooks' must be string"],
  ['runbooks: [\n', 'not YAML as a configuration needs it'],
];

for (const [text, said] of settings) {
  test(`settings that hold ${JSON.stringify(text)} are refused with their place`, (t) => {
    const error = t.throws(() => readSettings({ file: 'config.yaml', read: () => text }));
    t.true(describeError(error).includes(said), describeError(error));
    t.regex(describeError(error), /^config\.yaml:[12]:/);
  });
}

test('a file of settings need not be there, nor say anything; a folder that it names has to be there', (t) => {
  t.deepEqual(readSettings(NO_SETTINGS), {});
  t.deepEqual(readSettings({ file: 'c', read: () => '# nothing yet\n' }), {});
  const named = { ...siteOf({}), list: () => null };
  t.regex(
    describeError(t.throws(() => siteFiles(named))),
    /^there is no folder \/site\/runbooks of runbooks, which \/site\/config\.yaml names/,
  );
  const above = { ...named, runbooks: { folder: '/own', by: 'DRYDOCK_RUNBOOKS' } };
  t.regex(describeError(t.throws(() => siteFiles(above))), /no folder \/own .* DRYDOCK_RUNBOOKS/);
});

for (const overlay of [null, 'v3-5.2.deactivate']) {
  test(`what is begun ${overlay ? 'as an overlay' : 'as a runbook'} has nothing to mend`, (t) => {
    const written: Record<string, string> = {};
    const outputs = {
      write: (name: string, text: string) => {
        written[name] = text;
      },
    };
    const wish = { name: 'my-own', overlay, out: null };
    const { data } = newRunbook({ settings: siteOf({}), outputs }, wish);
    t.deepEqual(misfitsOf(data), []);
    t.is(data.file, `/site/runbooks/my-own.${overlay ? 'overlay' : 'runbook'}.yaml`);
    t.deepEqual(Object.keys(written), [data.file]);
    const { data: found } = lint({ readText, readWhole: readText, settings: siteOf(written) }, []);
    t.deepEqual(found.findings.map(describeProblem), []);
  });
}

test('nothing is begun under a name that is taken, or without a folder', (t) => {
  const outputs = { write: readText };
  const begin = (name: string, at = siteOf(files)) =>
    describeError(
      t.throws(() => newRunbook({ settings: at, outputs }, { name, overlay: null, out: null })),
    );
  t.regex(begin('drain-web'), /there is a runbook 'drain-web' already/);
  t.regex(begin('v3-5.1'), /'v3-5\.1' is no name/);
  t.regex(begin('my-own', NO_SETTINGS), /no folder is named for the runbooks of the site/);
});
