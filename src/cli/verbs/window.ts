/** `window` described. */
import type { Verb } from './args.ts';
import { WINDOW_OPTIONS, WINDOW_WORDS } from './window-options.ts';

export const windowVerb: Verb = {
  command: 'window <what> [words..]',
  describe: 'change windows: request, approve, open and close one, by signed documents',
  builder: (parser) => {
    const described = parser
      .positional('what', { choices: [...WINDOW_WORDS], demandOption: true })
      .positional('words', {
        type: 'string',
        array: true,
        describe:
          'the name of a window, or a part that no other name has; after policy: init, show, sign FILE or push',
      })
      .example('$0 window policy init --out policy.yaml', 'edit it, then: window policy sign')
      .example('$0 window policy push', 'from now on the cluster goes by it')
      .example(
        '$0 window request --title "Disk of server2" --plan "v3-6.7.2 failed=server2" --end +2h',
        '',
      )
      .example('$0 window show CHG-4711', 'all that an approver needs')
      .example('$0 window approve CHG-4711 --key ~/.ssh/id_ed25519', 'shows it, then asks')
      .example('$0 window open CHG-4711', 'rehearses again; then the cluster lets it be run')
      .example('$0 window close CHG-4711 --outcome successful', '')
      .example('$0 window review CHG-4711 --notes "as planned"', '')
      .example(
        '$0 window emergency --reason "fire in rack 3"',
        'break-glass; to be reviewed afterwards',
      )
      .example('$0 window freeze --check 2026-12-24T10:00:00Z', '')
      .example(
        '$0 window export CHG-4711 --out documents.json',
        'there: window import documents.json',
      );
    return Object.entries(WINDOW_OPTIONS).reduce((made, [name, { of: _of, ...option }]) => {
      return made.option(name, option);
    }, described);
  },
  handler: async (cli, args) => (await import('../window/window.ts')).window(cli, args),
};
