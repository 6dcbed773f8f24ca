/** A runbook's page, as a terminal, as Markdown and as a manual page have it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import test from 'ava';
import { execaSync } from 'execa';
import { loadLibrary } from '../../src/runbook/language/library.ts';
import { loadRunbook } from '../../src/runbook/language/load.ts';
import { markdownOf } from '../../src/runbook/reading/markdown.ts';
import { pageOf } from '../../src/runbook/reading/page.ts';
import { plainOf } from '../../src/runbook/reading/plain.ts';
import { roffOf } from '../../src/runbook/reading/roff.ts';
import { writeDocs } from '../../src/service/run/docs.ts';
import { misfitsOf } from '../support/report-schemas.ts';
import { NO_SETTINGS } from '../support/settings.ts';
import { hasProgram, testWith } from '../support/tools.ts';

const ODD = `id: odd-one
title: "- Quotes 'and' \\"others\\", back\\\\slash, *stars*, 1. a <tag> & ümlaut"
site: Handbook
editions: [X]
kind: procedure
summary: >-
  .begins with a point. Every way it may be shown holds the words.
parameters:
  way: { type: string, enum: [a-b, "c\`d"], default: a-b, description: the way }
  count: { type: integer, minimum: 1, maximum: 9, description: how many }
  word: { type: string, pattern: "^[a-z]+$", secret: true, description: the word }
  md: { type: string, from: mirrors, description: the mirror }
roles:
  other: peer(servers[0].name)
requires:
  - { that: "servers.all(s, s.state == 'Online')", or: start them }
situations:
  - { title: by day, cluster: x5mirror, leaves: the mirror is broken }
steps:
  - id: break
    title: Break {md}
    on: "{servers[0].name}"
    when: way == 'a-b'
    run: clpmdctrl --break {md}
    answers: [{ prompt: "(y/n)", reply: y }]
    probe: mirror(md).state == 'Abnormal'
    expect: mirror(md).state == 'Abnormal'
    danger: the other copy is behind
    timeout: 2m
    undo: { run: "clpmdctrl --recovery {md}", expect: mirror(md).state == 'Normal' }
    safe: true
  - id: seen
    title: Somebody has seen it
    confirm: { question: "Have you?", type-name: "{md}" }
    undo: none
    note: a note
`;

const odd = loadRunbook(ODD, 'odd.runbook.yaml');
const library = loadLibrary([], odd);
const page = pageOf(odd, library);
const kept = (name: string) =>
  readFileSync(new URL(`./pages/${name}`, import.meta.url), 'utf8').replaceAll('HASH', odd.hash);

const shown: Record<string, string> = {
  'odd.txt': plainOf(page, (_style, text) => text),
  'odd.md': markdownOf(page, 'odd-one.svg'),
  'odd.7': roffOf(page, { program: 'drydock 1' }),
};

for (const [name, text] of Object.entries(shown)) {
  test(`the whole page as ${name}`, (t) => {
    if (process.env.PAGES_WRITE) {
      const file = new URL(`./pages/${name}`, import.meta.url);
      writeFileSync(file, text.replaceAll(odd.hash, 'HASH'));
    }
    t.is(text, kept(name));
  });
}

/** What CommonMark makes of lines: only what a page is meant to hold begins any block. */
function blocksOf(markdown: string): string[] {
  const wrong: string[] = [];
  for (const line of markdown.split('\n')) {
    const isMeant = /^(#{1,2} |- |!\[)/.test(line) || line === '';
    if (!isMeant && /^( {0,3}(#|>|[-+*] |\d+[.)] |```|~~~|---|===)|\t| {4})/.test(line))
      wrong.push(line);
    const bare = line
      .replaceAll(/(`+)(?:(?!\1)[\s\S])*?\1/g, '')
      .replaceAll(/\\[\\`*_{}[\]<>#|~&!.)+-]/g, '');
    if (/[<>`]|(?<!\*)\*(?!\*)/.test(bare)) wrong.push(line);
    if ((bare.match(/\*\*/g) ?? []).length % 2 === 1) wrong.push(line);
  }
  return wrong;
}

const written = new Map<string, string | Uint8Array>();
const { data } = writeDocs(
  {
    settings: NO_SETTINGS,
    version: '1',
    outputs: {
      writeFolder: (_folder, files) => {
        for (const [name, text] of files) written.set(name, text);
      },
    },
  },
  'docs',
);

test('the catalogue is written whole, each runbook three times, and found from its contents', (t) => {
  t.deepEqual(misfitsOf(data), []);
  const ids = [...loadLibrary([]).keys()];
  t.is(data.runbooks, ids.length);
  t.is(data.files, 3 * ids.length + 1);
  const contents = String(written.get('README.md'));
  for (const id of ids) {
    t.true(contents.includes(`](${id}.md)`), id);
    for (const name of [`${id}.md`, `${id}.svg`, `man7/drydock-${id}.7`])
      t.true(written.has(name), name);
  }
});

test('every page is the Markdown that it is meant to be', (t) => {
  const wrong = [...written]
    .filter(([name]) => name.endsWith('.md'))
    .flatMap(([name, text]) => blocksOf(String(text)).map((line) => `${name}: ${line}`));
  t.deepEqual(wrong, []);
});

test('every page says of each step what it does, when, and what tells that it was done', (t) => {
  for (const [id, loaded] of loadLibrary([])) {
    const text = plainOf(pageOf(loaded, library), (_style, words) => words);
    for (const step of loaded.runbook.steps) {
      t.true(text.includes(`${step.id}`), `${id}: ${step.id}`);
    }
    const conditions = loaded.runbook.steps.filter(({ when }) => when !== undefined).length;
    t.is(text.match(/^ {8}Only if /gm)?.length ?? 0, conditions, id);
  }
});

const judges = [
  { program: 'groff', args: ['-man', '-ww', '-z', '-Tutf8'] },
  { program: 'mandoc', args: ['-Tlint', '-Wwarning'] },
];
const judge = judges.find(({ program }) => hasProgram(program)) ?? judges[0]!;

testWith([judge.program], 'no manual page has anything that groff, or mandoc, warns of', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-man-'));
  try {
    const pages = [...written, ['odd.7', shown['odd.7']!] as const].filter(([name]) =>
      name.endsWith('.7'),
    );
    const files = pages.map(([name, text]) => {
      const file = join(folder, name.replaceAll('/', '-'));
      writeFileSync(file, text);
      return file;
    });
    t.true(files.length > 90);
    const said = files.flatMap((file) => {
      const { stdout, stderr } = execaSync(judge.program, [...judge.args, file], { reject: false });
      return `${stdout}${stderr}` === '' ? [] : [`${file}: ${stdout}${stderr}`.slice(0, 300)];
    });
    t.deepEqual(said, []);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** Bold is written by colours, or by printing a letter over itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what has to go
const shownBy = (text: string) => stripVTControlCharacters(text).replaceAll(/.\u0008/g, '');

testWith(['groff'], 'a manual page shows the words as they were written', (t) => {
  const { stdout } = execaSync('groff', ['-man', '-Tutf8', '-rLL=400n'], {
    input: shown['odd.7']!,
  });
  for (const words of [
    `- Quotes 'and' "others", back\\slash, *stars*, 1. a <tag> & ümlaut`,
    '.begins with a point.',
    '# clpmdctrl --break {md}',
    'a-b, c`d',
    '^[a-z]+$',
  ]) {
    t.true(shownBy(stdout).includes(words), words);
  }
});
