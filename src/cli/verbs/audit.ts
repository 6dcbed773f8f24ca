/** `audit` described: the record, and what goes elsewhere of it. */
import type { Verb } from './args.ts';

const text = { type: 'string', requiresArg: true } as const;

export const auditVerb: Verb = {
  command: 'audit <what> [subject]',
  describe:
    'the record of who did what: verify, show or export it, sign it, keep its head elsewhere',
  builder: (parser) =>
    parser
      .positional('what', {
        choices: ['verify', 'show', 'export', 'checkpoint', 'anchor', 'collect', 'begin'],
        demandOption: true,
      })
      .positional('subject', {
        type: 'string',
        describe:
          'verify: an exported record, default: the one here; export: a change window, whose evidence is written',
      })
      .option('file', { ...text, describe: 'verify: an exported record (NDJSON), as SUBJECT' })
      .option('run', { ...text, describe: 'show, export: only this run' })
      .option('window', {
        ...text,
        describe: 'show, export: only what was done in this change window',
      })
      .option('from', {
        type: 'number',
        requiresArg: true,
        describe: 'show, export: number of the first entry',
      })
      .option('to', {
        ...text,
        describe: 'show, export: number of the last entry; anchor: where the anchor is kept',
      })
      .option('out', {
        ...text,
        describe: 'export: the file to write (evidence: the folder); it must not exist',
      })
      .option('anchor', {
        ...text,
        describe:
          'verify: a file of anchors, or git:FOLDER; without it nobody can see that the last entries were cut off',
      })
      .option('signers', {
        ...text,
        describe: 'verify: a file of allowed signers, as ssh-keygen takes it',
      })
      .option('revoked', {
        ...text,
        describe: 'verify: a file of public keys that no longer count',
      })
      .option('key', { ...text, describe: 'checkpoint: the SSH key to sign it with' })
      .option('as', {
        ...text,
        describe:
          'checkpoint: who signs; default: the person whose key it is by the policy, else your login',
      })
      .option('reason', { ...text, describe: 'begin: why the record that was here is gone' })
      .option('folder', { ...text, describe: 'export of a window: the folder of its documents' })
      .example('$0 audit verify', 'exit 7 when it does not verify')
      .example('$0 audit export --out record.ndjson', 'then, anywhere: audit verify record.ndjson')
      .example('$0 audit checkpoint --key ~/.ssh/id_ed25519', '')
      .example('$0 audit anchor --to git:../anchors', 'also file:PATH, syslog:HOST:PORT')
      .example(
        '$0 audit verify record.ndjson --anchor git:../anchors --signers allowed_signers',
        '',
      )
      .example('$0 audit export CHG-4711 --out evidence', 'a window with everything that proves it')
      .example('$0 audit export --from 12 --to 12', 'one entry, provable without the rest'),
  handler: async (cli, args) => (await import('../record/audit.ts')).audit(cli, args),
};
