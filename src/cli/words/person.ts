/**
 * The person at the terminal, as the port of the use cases. Without a terminal, or with
 * `--no-input`, nobody answers: a run is parked instead of waiting for ever.
 */
import { counted } from '../../service/figures.ts';
import type { Person, Question, Wanted } from '../../service/person.ts';
import { OUTCOMES } from '../../service/window/close.ts';
import type { Cli } from '../context.ts';
import { givenValues } from '../run/giving-secrets.ts';
import type { Args } from '../verbs/args.ts';
import { readLine } from './asking.ts';

function questionWords(question: Question): string {
  switch (question.ask) {
    case 'run':
      return 'Go on?';
    case 'approve':
      return `Approve ${question.window}?`;
    case 'reject':
      return `Reject ${question.window}?`;
    case 'withdraw':
      return `Withdraw ${question.window}?`;
    case 'review':
      return `Sign the review of ${question.window}?`;
    case 'request':
      return `Sign the request for ${counted(question.plans, 'plan')}?`;
    case 'open':
      return `Open ${question.window} on ${question.cluster}?`;
    case 'close':
      return `Close ${question.window} as ${question.outcome}?`;
    case 'breakGlass':
      return 'Break the glass?';
    case 'breakGates':
      return 'Break the glass without documents?';
    case 'signPolicy':
      return `Sign version ${question.version}?`;
    case 'pushPolicy':
      return `Let every server of ${question.cluster} hold version ${question.version}?`;
  }
}

const WANTED: Record<Wanted, string> = {
  reason: 'Reason: ',
  notes: 'Notes: ',
  outcome: `Outcome (${OUTCOMES.join(', ')}): `,
};

async function isYes(cli: Cli, question: string): Promise<boolean> {
  const line = await readLine(cli, `${question} (y/n): `);
  return line !== null && /^y(es)?$/i.test(line.trim());
}

/** Nothing moves on the terminal while a person reads and types. */
async function atRest<T>(cli: Cli, ask: () => Promise<T>): Promise<T> {
  cli.moving?.hide();
  try {
    return await ask();
  } finally {
    cli.moving?.show();
  }
}

/** What a step of a run asks; null where nobody is there. */
function operatorOf(cli: Cli): Pick<Person, 'confirm' | 'choose'> {
  return {
    confirm: async (_step, question, typeName) => {
      if (!cli.input) return null;
      return atRest(cli, async () => {
        cli.say(cli.paint('yellow', question));
        if (typeName !== null) return readLine(cli, `Type ${typeName} to go on: `);
        return (await isYes(cli, 'Go on?')) ? 'yes' : null;
      });
    },
    choose: async (_step, question, options) => {
      if (!cli.input) return null;
      return atRest(cli, async () => {
        cli.say(cli.paint('yellow', question));
        options.forEach((option, index) => {
          cli.say(`  ${index + 1}. ${option}`);
        });
        const line = await readLine(cli, 'Number: ');
        return options[Number(line) - 1] ?? null;
      });
    },
  };
}

/** `--yes` says yes beforehand; never to what a step of a run asks by name. */
export function personOf(cli: Cli, args: Args): Person {
  return {
    ...operatorOf(cli),
    isThere: cli.input,
    agrees: async (question) => args.yes === true || isYes(cli, questionWords(question)),
    says: (wanted) => readLine(cli, WANTED[wanted]),
    gives: (wish) => givenValues(cli, args, wish),
  };
}
