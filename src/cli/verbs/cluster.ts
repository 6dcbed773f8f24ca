/** `cluster`: words for `--help`, and where the work is. */
import type { Verb } from './args.ts';

export const CLUSTER_WORDS = ['list', 'add', 'check'] as const;

export const clusterVerb: Verb = {
  command: 'cluster <what> [name]',
  describe: 'list the clusters you can name, add one to the inventory, or check what one answers',
  builder: (parser) =>
    parser
      .positional('what', { choices: CLUSTER_WORDS, demandOption: true })
      .positional('name', { type: 'string', describe: 'add, check: name of the cluster' })
      .option('kind', {
        type: 'string',
        requiresArg: true,
        describe: 'add: the kind of cluster; `cluster list --json` shows which kinds there are',
      })
      .option('set', {
        type: 'string',
        array: true,
        requiresArg: true,
        nargs: 1,
        describe: 'add: FIELD=VALUE, what that kind of cluster needs (again for more)',
      })
      .example('$0 cluster list', 'labs are listed without an entry')
      .example('$0 cluster add training --kind lab --set folder=/srv/labs/training', '')
      .example('$0 cluster check training', 'exit 6 when a server does not answer'),
  handler: async (cli, args) => (await import('../cluster/clusters.ts')).cluster(cli, args),
};
