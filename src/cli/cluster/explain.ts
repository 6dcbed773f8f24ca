/** `explain`: a message, or the directories of a server, in words for people. */
import type { DirectoriesReport } from '../../schema/generated/reports/directories.ts';
import type {
  ExplainedMessage,
  ExplanationReport,
  MessageSaying,
} from '../../schema/generated/reports/explanation.ts';
import { explainDirectories, explainMessage } from '../../service/explain.ts';
import { counted } from '../../service/figures.ts';
import type { Cli } from '../context.ts';
import { show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';

const SOURCES: Record<ExplainedMessage['source'], string> = {
  event: '',
  failure: 'a failure, within another message',
  driver: 'mirror driver',
  drydock: 'of Drydock',
};

/** Why it is never raised here, in one line; in one for each generation where they differ. */
function silence(sayings: readonly MessageSaying[]): string[] {
  const lines = new Map<string, string[]>();
  for (const { unraised, generations } of sayings) {
    const { kind, reason } = unraised ?? {};
    const when = kind === 'notYet' ? 'not raised yet' : 'never raised here';
    const line = reason === undefined ? '' : `${when}: ${reason}`;
    lines.set(line, [...(lines.get(line) ?? []), ...generations]);
  }
  return [...lines].flatMap(([line, by]) => {
    if (line === '') return [];
    return [`  ${lines.size > 1 ? `${by.join(', ')} ` : ''}${line}`];
  });
}

function wordsOf(cli: Cli, one: ExplainedMessage): string {
  const { source, module, id, sayings, means, remedy } = one;
  const name = [module ?? 'any type', id ?? ''].join(' ').trim();
  const levels = [...new Set(sayings.flatMap(({ level }) => level ?? []))];
  const head = [cli.paintData('bold', name), ...levels, SOURCES[source]].filter(Boolean);
  return [
    head.join('  '),
    ...sayings.map(({ generations, to, text }) => {
      const where = to.length > 0 ? `  [${to.join(', ')}]` : '';
      return `  ${generations.join(', ').padEnd(6)}  ${text}${where}`;
    }),
    ...silence(sayings),
    `  means   ${means ?? 'not explained here; the manual of the product has it'}`,
    ...(means === null ? [] : [`  do      ${remedy ?? 'nothing'}`]),
    '',
  ].join('\n');
}

function explained(cli: Cli, { messages }: ExplanationReport): string {
  return messages.map((one) => wordsOf(cli, one)).join('\n');
}

function listed({ directories }: DirectoriesReport): string {
  const widest = Math.max(...directories.map(({ path }) => path.length));
  const number = (one: number | null) => String(one ?? '-').padStart(3);
  const rows = directories.map(({ path, numbers, holds }) => {
    return `${number(numbers.v3)} ${number(numbers.x5)}  ${path.padEnd(widest)}  ${holds}\n`;
  });
  return ` v3  x5\n${rows.join('')}`;
}

const DIRECTORIES = 'directories';

export async function explain(cli: Cli, args: Args): Promise<number> {
  const query = (args.words as unknown[]).map(String).join(' ');
  if (query === DIRECTORIES) return show(cli, explainDirectories(), listed);
  const report = explainMessage(query);
  const exit = show(cli, report, (data) => explained(cli, data));
  const { leftOut } = report.data;
  if (leftOut > 0) cli.say(`${counted(leftOut, 'message')} more; ask more exactly`);
  return exit;
}
