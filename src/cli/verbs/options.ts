/** Options that several verbs share. */
import type { Argv } from 'yargs';

export const set = (parser: Argv) =>
  parser
    .option('set', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: 'NAME=VALUE: a parameter of the runbook (again for more)',
    })
    .option('secret', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe:
        'NAME=FILE: a secret parameter, read from a file (- is stdin); else taken from the variable DRYDOCK_SECRET_NAME, or asked for',
    });

export const runId = (parser: Argv) =>
  parser.positional('run', {
    type: 'string',
    demandOption: true,
    describe: 'the run: its name, or a part that no other name has',
  });

export const runbookId = (parser: Argv) =>
  parser.positional('id', {
    type: 'string',
    demandOption: true,
    describe: 'the id of a runbook; `drydock list` shows them',
  });

/** Without it the verb says which there are. */
export const anyRunbookId = (parser: Argv) =>
  parser.positional('id', {
    type: 'string',
    describe: 'the id of a runbook; without one it says which apply to the cluster',
  });

export const answers = (parser: Argv) =>
  parser
    .option('yes', {
      type: 'boolean',
      describe: 'answer yes to "go on?"; confirmations that want something typed are still asked',
    })
    .option('confirm', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe:
        'STEP: you say that this step of yours is done, or that what it asks about is in order',
    })
    .option('choose', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: 'STEP=OPTION: what to choose when the run comes to that step',
    })
    .option('answer', {
      type: 'string',
      array: true,
      nargs: 1,
      requiresArg: true,
      describe: 'STEP=TEXT: what that step will want typed, for example the name of a server',
    })
    .option('stop-after', {
      type: 'string',
      requiresArg: true,
      describe: 'park the run after this step; `drydock resume` goes on',
    });

export const giveUp = (parser: Argv) =>
  parser.option('give-up', {
    type: 'string',
    array: true,
    nargs: 1,
    requiresArg: true,
    describe:
      'NAME: a server that is off, to go on although it cannot be asked; or the run that holds the cluster, to take it from it',
  });

export const window = (parser: Argv) =>
  giveUp(parser)
    .option('window', {
      type: 'string',
      requiresArg: true,
      describe: 'the change window to run it in; default: the open one that covers it',
    })
    .option('emergency', {
      type: 'string',
      requiresArg: true,
      describe:
        'REASON: open a window without approval (break-glass), signed by you and to be reviewed by another person, and go on',
    })
    .option('key', {
      type: 'string',
      requiresArg: true,
      describe: 'with --emergency: the SSH key to sign with',
    })
    .option('as', {
      type: 'string',
      requiresArg: true,
      describe: 'with --emergency: which person of the policy you sign as',
    });

export const reason = (parser: Argv) =>
  parser.option('reason', { type: 'string', requiresArg: true, describe: 'why; it is recorded' });

/** For verbs that may have to sign a document of a window. */
export const signing = (parser: Argv) =>
  parser
    .option('folder', {
      type: 'string',
      requiresArg: true,
      describe:
        'in a change window: the folder of its signed documents, see `drydock window --help`',
    })
    .option('key', {
      type: 'string',
      requiresArg: true,
      describe: 'in a change window: the SSH key to sign with',
    })
    .option('as', {
      type: 'string',
      requiresArg: true,
      describe: 'which person of the policy you sign as',
    });

/** For verbs that change nothing: the cluster may be one that is only described. */
export const described = (parser: Argv) =>
  parser
    .option('config', {
      type: 'string',
      requiresArg: true,
      describe:
        'without a cluster: as this clp.conf (or one that ships: v3le …) configures it, at rest',
    })
    .option('status', {
      type: 'string',
      requiresArg: true,
      describe:
        'the cluster as FILE has it, saved by `drydock status --json`; its clp.conf by --config, else that of the cluster at hand',
    })
    .option('given', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe:
        "what happens to it first, on a twin, in the words of `lab fault`: 'cut mdc400 server1 server2', 'write md1 server1 0 8', 'kill server1' (again for more)",
    });
