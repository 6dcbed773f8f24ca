/** Verbs of the later life of a run: taken back, changed, handed over, or taken over from hands. */
import type { Argv } from 'yargs';
import type { Verb } from './args.ts';
import { answers, reason, runbookId, runId, set, signing, window } from './options.ts';

const life: Verb[] = [
  {
    command: 'undo <run>',
    describe: 'take back what a run did, last step first, as far as its steps can be undone',
    builder: (parser: Argv) =>
      window(set(answers(runId(parser))))
        .option('to', {
          type: 'string',
          requiresArg: true,
          describe: 'take back this step too, and none before it; default: as far as it goes',
        })
        .option('dry-run', { type: 'boolean', describe: 'only rehearse it, on a twin' })
        .example('$0 undo 7f3a --dry-run', 'what would be taken back, and what cannot be')
        .example('$0 undo 7f3a --to suspend', 'exit 8: rolled back; 9: stuck'),
    handler: async (cli, args) => (await import('../run/running.ts')).undo(cli, args),
  },
  {
    command: 'amend <run>',
    describe: 'change what is left of a run that waits; in a change window this needs approval',
    builder: (parser: Argv) =>
      signing(reason(set(runId(parser))))
        .option('skip', {
          type: 'string',
          array: true,
          nargs: 1,
          requiresArg: true,
          describe: 'STEP: leave it out (again for more)',
        })
        .option('runbook', {
          type: 'string',
          requiresArg: true,
          describe: 'go on with the steps of this runbook instead; its id',
        })
        .option('from', {
          type: 'string',
          requiresArg: true,
          describe: 'go on with the runbook in this file instead; it is checked first',
        })
        .option('dry-run', { type: 'boolean', describe: 'only rehearse it, on a twin' })
        .example('$0 amend 7f3a --skip back-up --reason "the tape is full"', '')
        .example('$0 amend 7f3a --set target=server1 --reason "server2 is slow"', ''),
    handler: async (cli, args) => (await import('../run/amending.ts')).amend(cli, args),
  },
  {
    command: 'handover <run>',
    describe: 'pass a run to another person, who alone can then resume it',
    builder: (parser: Argv) =>
      signing(reason(runId(parser)))
        .option('to', {
          type: 'string',
          requiresArg: true,
          describe: 'the login of that person: NAME or NAME@HOST',
        })
        .option('take', {
          type: 'boolean',
          describe: 'take the run from whoever has it; needs --reason',
        })
        .example('$0 handover 7f3a --to bob --reason "end of my shift"', '')
        .example('$0 handover 7f3a --take --reason "ann cannot be reached"', ''),
    handler: async (cli, args) => (await import('../run/handover.ts')).handover(cli, args),
  },
  {
    command: 'adopt <id>',
    describe: 'go on with a procedure that somebody began by hand',
    builder: (parser: Argv) =>
      window(set(answers(runbookId(parser))))
        .option('at', {
          type: 'string',
          requiresArg: true,
          demandOption: true,
          describe:
            'the step to go on from; every earlier step must show on the cluster that it was done, or be given by --confirm',
        })
        .option('dry-run', { type: 'boolean', describe: 'only rehearse it, on a twin' })
        .example('$0 adopt v3-5.2.deactivate --set server=server2 --at disable-md', '')
        .example('$0 adopt v3-11.8.2 --at mount --confirm protect', "a person's word, recorded"),
    handler: async (cli, args) => (await import('../run/adopting.ts')).adopt(cli, args),
  },
];

export { life as lifeVerbs };
