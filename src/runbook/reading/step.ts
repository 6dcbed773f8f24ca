/** One step of a runbook, as its page has it: what it does, when, what tells that it was done. */
import { acts } from '../../cluster/index.ts';
import type { OutcomeFound } from '../../schema/generated/runbook.ts';
import {
  conditionInWords,
  templateInWords,
  valueInWords,
} from '../language/expressions/in-words.ts';
import type { LoadedRunbook, LoadedStep } from '../language/types.ts';
import type { Line, Span, Term } from './page.ts';

function commandSpan(argv: readonly string[], sign = '# '): Span {
  return { code: `${sign}${argv.map(templateInWords).join(' ')}` };
}

/** What it does, without the commands' answers. */
function doing(step: LoadedStep): Line[] {
  const { argv, watch, check, wait, operator, confirm, choose, call, refuse, find } = step;
  if (watch) {
    return [[commandSpan(argv ?? []), ` again and again, until ${conditionInWords(watch.until)}`]];
  }
  if (argv) return [[commandSpan(argv)]];
  if (check !== undefined) return [[`See that ${conditionInWords(check)}.`]];
  if (wait) {
    const until = wait.until === undefined ? [] : [`until ${conditionInWords(wait.until)}`];
    return [[`Wait ${[...(wait.for ? [wait.for] : []), ...until].join(' or ')}.`]];
  }
  if (operator) {
    const { act, ...given } = operator;
    const texts = Object.values(given).map((value) => templateInWords(String(value)));
    return [
      [`A person: ${acts.get(act)?.words ?? act}${texts.length ? ` (${texts.join(', ')})` : ''}.`],
    ];
  }
  if (confirm)
    return [[`A person confirms: ${templateInWords(confirm.question)}`], ...typed(confirm)];
  if (choose) {
    const options = choose.options.map(templateInWords).join(', ');
    return [[`A person decides: ${templateInWords(choose.question)} (${options})`]];
  }
  if (call) {
    const given = Object.entries(call.with ?? {}).map(
      ([name, value]) => `${name} ${templateInWords(value)}`,
    );
    const words = given.length > 0 ? ` with ${given.join(', ')}` : '';
    return [['The steps of ', { code: call.runbook }, `${words}.`]];
  }
  if (find) {
    const where = find.if === undefined ? '' : ` where ${conditionInWords(find.if)}`;
    const shows = find.shows === undefined ? [] : [[`It shows ${valueInWords(find.shows)}.`]];
    return [finding(find, where), ...shows];
  }
  return [[`Refused: ${templateInWords(refuse ?? '')}`]];
}

/** What is reported, and what is to be done about it. */
function finding(
  { severity, says, remedy, runbook }: Omit<OutcomeFound, 'exit' | 'prints' | 'lacks'>,
  where: string,
): Line {
  const todo = remedy === undefined ? '' : ` Remedy: ${templateInWords(remedy)}`;
  const by: Line = runbook === undefined ? [] : [' Carried out by ', { code: runbook }, '.'];
  return [`Finds (${severity})${where}: ${templateInWords(says)}${todo}`, ...by];
}

/** What a command's end and its output tell. */
function outcomes({ findings }: LoadedStep): Line[] {
  return (findings ?? []).map((one) => {
    const { exit, prints, lacks } = one;
    const told = [
      ...(exit === undefined ? [] : [`it ends with ${exit}`]),
      ...(prints === undefined ? [] : [`it prints ${prints}`]),
      ...(lacks === undefined ? [] : [`its output lacks ${lacks}`]),
    ];
    return finding(one, told.length > 0 ? ` where ${told.join(' and ')}` : '');
  });
}

function typed({ 'type-name': name, shows }: NonNullable<LoadedStep['confirm']>): Line[] {
  return [
    ...(name === undefined ? [] : [['To be typed: ', { code: templateInWords(name) }]]),
    ...(shows === undefined ? [] : [[`Shown with it: ${valueInWords(shows)}`]]),
  ];
}

function undoing({ undo, undoArgv, verb }: LoadedStep): Line[] {
  if (undo === 'none')
    return verb === 'run' || verb === 'operator' ? [['It cannot be undone.']] : [];
  const where = undo.on === undefined ? '' : ` on ${place(undo.on)}`;
  const until = undo.expect === undefined ? '' : `, until ${conditionInWords(undo.expect)}`;
  return [['Undone by ', commandSpan(undoArgv ?? [], ''), `${where}${until}.`]];
}

/** `{server}` is a name that people know; of a list, each of them is meant. */
function place(on: string): string {
  return templateInWords(on).replace(/^\{(.* .*)\}$/, '$1');
}

function labelOf({ source = [], overlay }: LoadedStep, loaded: LoadedRunbook): string {
  if (source.length > 0) return ` (${source.join(', ')})`;
  if (overlay !== undefined) return ' (the site)';
  const isBare = loaded.runbook.kind === 'part' || loaded.runbook.site !== undefined;
  return isBare ? '' : ' (added)';
}

function about(words: string, text: string | undefined, say: (text: string) => string): Line[] {
  return text === undefined ? [] : [[`${words}${say(text)}.`.replace(/([.?!])\.$/, '$1')]];
}

export function stepTerm(step: LoadedStep, at: number, loaded: LoadedRunbook): Term {
  const { id, title, on, when, requires = [], probe, expect, danger } = step;
  const plain = (text: string) => templateInWords(text);
  const output = step['expect-output'];
  return {
    term: [
      { strong: `${at + 1}. ${templateInWords(title)}` },
      `${labelOf(step, loaded)} [`,
      { code: id },
      ']',
    ],
    lines: [
      ...about('Only if ', when, conditionInWords),
      ...(danger === undefined ? [] : [[{ strong: 'Danger' }, `: ${plain(danger)}`]]),
      ...requires.map(({ that, or }) => [
        `First ${conditionInWords(that)}; else ${templateInWords(or)}`,
      ]),
      ...about('On ', on, place),
      ...doing(step),
      ...about('Its effect: ', step.effect, plain),
      ...(step.answers ?? []).map(({ prompt, reply, secret }): Line => {
        const said = secret ? 'a secret' : templateInWords(reply);
        return [
          'Asked ',
          { code: templateInWords(prompt) },
          ', it is answered ',
          { code: said || 'Return' },
        ];
      }),
      ...about('Done already if ', probe, conditionInWords),
      ...about('Done when ', expect, conditionInWords),
      ...about('Its output has to contain ', output, plain),
      ...outcomes(step),
      ...about('Nothing tells that it was done: ', step.unseen, plain),
      ...(step.accept ?? []).map(({ exit, remark }) => [`Exit ${exit} counts: ${plain(remark)}`]),
      ...(step['goes-down'] ? [['Its server goes down.']] : []),
      ...about('It may take ', step.timeout, plain),
      ...undoing(step),
      ...about('Added because ', step.added, plain),
      ...about('Moved because ', step.moved, plain),
      ...about('Note: ', step.note, plain),
      ...(step.safe ? [['A run may be parked after it.']] : []),
    ],
  };
}
