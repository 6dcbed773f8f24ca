/** `audit` described: the record, and what goes elsewhere of it. */
import type { Verb } from './args.ts';

const text = { type: 'string', requiresArg: true } as const;

export const auditVerb: Verb = {
  command: 'audit <what> [subject]',
  describe:
    'the record: verify, show, export, checkpoint or anchor it; collect what was typed; begin it anew',
  builder: (parser) =>
    parser
      .positional('what', {
        choices: ['verify', 'show', 'export', 'checkpoint', 'anchor', 'collect', 'begin'],
        demandOption: true,
      })
      .positional('subject', {
        type: 'string',
        describe: 'verify: an exported record; export: a change window, as evidence',
      })
      .option('file', { ...text, describe: 'verify: an exported record (NDJSON)' })
      .option('run', { ...text, describe: 'show, export: one run only' })
      .option('window', { ...text, describe: 'show, export: what was done under a change window' })
      .option('from', { type: 'number', requiresArg: true, describe: 'show, export: first entry' })
      .option('to', { ...text, describe: 'show, export: last entry; anchor: the place' })
      .option('out', { ...text, describe: 'export: a new file (evidence: a new folder)' })
      .option('anchor', {
        ...text,
        describe: 'verify: a file of anchors, or git:FOLDER; without one a cut tail is not seen',
      })
      .option('signers', { ...text, describe: 'verify: allowed signers, as ssh-keygen has them' })
      .option('revoked', { ...text, describe: 'verify: public keys that count no more' })
      .option('key', { ...text, describe: 'sign a new checkpoint with this SSH key' })
      .option('as', {
        ...text,
        describe:
          'sign as this principal; default: whose key the policy says it is, else your login',
      })
      .option('reason', { ...text, describe: 'begin: why the record that was there is gone' })
      .option('folder', { ...text, describe: 'export WINDOW: where its documents lie' })
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
