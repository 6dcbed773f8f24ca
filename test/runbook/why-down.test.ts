/** Which messages of the catalogue x5-2.12 takes for which cause: every row, by the patterns as they stand. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { loadRunbooks } from '../../src/runbook/language/load.ts';

interface Row {
  module: string;
  id?: number;
  text: string;
}

const rowsOf = (file: string): Row[] =>
  JSON.parse(readFileSync(new URL(`../../src/messages/${file}.json`, import.meta.url), 'utf8'));

/** As a line of a log would hold it. */
const filled = ({ text }: Row) =>
  text.replaceAll('%1', '1').replaceAll('%2', '99 ').replaceAll('%3', 'command is timeout');

const CAUSES = `
activation   rc 204 205 224 225 240 241 242 243 244 245 246 247 280 281 282 283 284 285 286 287
stall        rc 32 42
monitor      rm 16 17 35 37 39 41 43 45 47 210; mm 16 17 35 37 39 41 43 45 47 210
forced-stop  rc 400 401 402 403 410 411
process      pm 20; nm 20; rm 150 151 152; monp 2 4 6 8
stuck        pm 21
user-space   
shutdown     host 3
both-active  rc 92 504
partition    nm 30 31 40 41 42 43 44 45
mirror       liscal
resume       trnsv 50
`;

function byModule(rows: readonly Row[]): string {
  const modules = new Map<string, number[]>();
  for (const { module, id } of rows) {
    modules.set(module, [...(modules.get(module) ?? []), ...(id === undefined ? [] : [id])]);
  }
  return [...modules].map(([module, ids]) => [module, ...ids].join(' ')).join('; ');
}

test('each message that tells why a server goes down is one of a cause', (t) => {
  const rows = ['x5', 'driver', 'own'].flatMap(rowsOf);
  const { steps } = loadRunbooks().get('x5-2.12')!.runbook;
  const lines = steps.flatMap(({ id, argv }) => {
    if (argv?.[0] !== 'grep' || id === 'when' || id === 'hybrid') return [];
    const pattern = new RegExp(argv[2]!);
    const found = rows.filter((row) => pattern.test(filled(row)));
    return [`${id.padEnd(13)}${byModule(found)}`];
  });
  t.is(`\n${lines.join('\n')}\n`, CAUSES);
});

test('a mirror disk and a hybrid disk fail with the same message', (t) => {
  const { steps } = loadRunbooks().get('x5-2.12')!.runbook;
  const patternOf = (id: string) => steps.find((step) => step.id === id)?.argv?.[2];
  t.is(patternOf('mirror'), patternOf('hybrid'));
});
