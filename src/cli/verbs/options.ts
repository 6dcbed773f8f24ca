/** Options that several verbs share. */
import type { Argv } from 'yargs';

export const set = (parser: Argv) =>
  parser
    .option('set', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: 'a parameter of the runbook: NAME=VALUE (again for more)',
    })
    .option('secret', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe:
        'a secret parameter, from a file: NAME=FILE (- is stdin); also by DRYDOCK_SECRET_NAME, or asked',
    });

export const runId = (parser: Argv) =>
  parser.positional('run', {
    type: 'string',
    demandOption: true,
    describe: 'the run, or a part of its name',
  });

export const runbookId = (parser: Argv) =>
  parser.positional('id', {
    type: 'string',
    demandOption: true,
    describe: 'a runbook, see `list`',
  });

export const answers = (parser: Argv) =>
  parser
    .option('yes', { type: 'boolean', describe: 'answer "go on?"; never a named confirmation' })
    .option('confirm', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: 'a person says that this step is done (or is fine): STEP',
    })
    .option('choose', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: 'a choice given beforehand: STEP=OPTION',
    })
    .option('answer', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: 'what a step wants typed: STEP=TEXT',
    })
    .option('stop-after', { type: 'string', requiresArg: true, describe: 'park after this step' });

export const giveUp = (parser: Argv) =>
  parser.option('give-up', {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe: 'what has no say in the lease: a server that is off, or a run that holds it: NAME',
  });

export const window = (parser: Argv) =>
  giveUp(parser)
    .option('window', {
      type: 'string',
      requiresArg: true,
      describe: 'the change window it runs in; default: the open one that covers it',
    })
    .option('emergency', {
      type: 'string',
      requiresArg: true,
      describe: 'REASON: opens a window by break-glass, signed and owing a review, and goes on',
    })
    .option('key', {
      type: 'string',
      requiresArg: true,
      describe: 'emergency: the SSH key to sign with',
    })
    .option('as', {
      type: 'string',
      requiresArg: true,
      describe: 'emergency: the person of the policy to sign as',
    });

export const reason = (parser: Argv) =>
  parser.option('reason', { type: 'string', requiresArg: true, describe: 'why, for the record' });

/** For verbs that may have to sign a document of a window. */
export const signing = (parser: Argv) =>
  parser
    .option('folder', {
      type: 'string',
      requiresArg: true,
      describe: 'the folder of signed documents, in a window; see `window --help`',
    })
    .option('key', { type: 'string', requiresArg: true, describe: 'the SSH key to sign with' })
    .option('as', {
      type: 'string',
      requiresArg: true,
      describe: 'the person of the policy to sign as',
    });
