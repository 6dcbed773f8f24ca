/**
 * clptrnreq: asks another server to run a script, or to fail over its groups.
 *
 * Documented: -t EXEC_SCRIPT, -h IP, -s SCRIPT. Our choice: -t GRP_FAILOVER, about the group of -r
 * RESOURCE or every one that runs there; -w TIME limits the waiting (30 s).
 */
import { ACTS, defineCommand } from './context.ts';
import { atMost, duration, usageError } from './options.ts';
import { answering, failOverFrom, runScriptOn } from './transfer.ts';

const OPTIONS = {
  type: { names: ['-t'], value: 'REQUEST' },
  host: { names: ['-h'], value: 'IP' },
  script: { names: ['-s'], value: 'SCRIPT' },
  resource: { names: ['-r'], value: 'RESOURCE' },
  wait: { names: ['-w'], value: 'TIME' },
};

export const clptrnreq = defineCommand(
  {
    name: 'clptrnreq',
    summary: 'Asks another server to run a script, or to fail over its groups',
    usage: [
      'clptrnreq -t EXEC_SCRIPT -h IP[,IP…] -s SCRIPT [-w TIME]',
      'clptrnreq -t GRP_FAILOVER -h IP[,IP…] [-r RESOURCE] [-w TIME]',
    ],
    options: OPTIONS,
    traits: ACTS,
  },
  async (context, given) => {
    atMost(given, 0);
    const [type, host, script] = ['type', 'host', 'script'].map((key) => given.value(key));
    if (type !== 'EXEC_SCRIPT' && type !== 'GRP_FAILOVER') {
      throw usageError(`no request ${type ?? ''}`.trim(), 'give -t EXEC_SCRIPT or GRP_FAILOVER');
    }
    if (host === undefined) throw usageError('which server?', 'name it with -h IP');
    const limitMs = duration(given.value('wait') ?? '30', 'the wait');
    if (type === 'EXEC_SCRIPT') {
      if (script === undefined) throw usageError('which script?', 'name it with -s SCRIPT');
      return runScriptOn(context, await answering(context, host), script, limitMs);
    }
    const about = { group: undefined, resource: given.value('resource') };
    return failOverFrom(context, await answering(context, host), about, limitMs);
  },
);
