/**
 * Bugs in a server, its commands and the lease. Found once: an operation started twice, a lease
 * given without a majority, an agent whose disk fails and that does not reset its server.
 */
import type { Mutation } from '../../support/mutation.ts';

const operations = 'src/host/operations.ts';
const life = 'src/host/life.ts';
const lease = 'src/host/lease.ts';
const leases = 'src/cluster/leases.ts';

export const serverBugs: Mutation[] = [
  {
    name: 'an operation runs again',
    what: 'An operation that has ended is started again when its id is asked for once more.',
    file: operations,
    find: '  if (known) {\n    attach(',
    replace: "  if (known?.state === 'running') {\n    attach(",
  },
  {
    name: 'an operation runs before it is noted',
    what: 'A command is started without a record of its id.',
    file: operations,
    find: '  keep(turn, record);\n  const { live } = turn.state;\n',
    replace: '  const { live } = turn.state;\n',
  },
  {
    name: 'mounts outlive a crash',
    what: 'A server that boots still has mounted what was mounted before.',
    file: life,
    find: '    mounts: [],\n    modules: [],\n',
    replace: '    modules: [],\n',
  },
  {
    name: 'addresses outlive a death',
    what: 'A server that goes down still answers for its floating addresses.',
    file: life,
    find: '  change(turn, {\n    addresses: {},\n    watchdogMs: null,\n    live:',
    replace: '  change(turn, {\n    watchdogMs: null,\n    live:',
  },
  {
    name: 'a dead daemon is nobody’s concern',
    what: 'A server whose daemon dies goes on as if nothing had happened.',
    file: life,
    find: "  } else if (death === 'shutdown') {\n",
    replace: "  } else if (death === 'shutdown' && livedMs < 0) {\n",
  },
  {
    name: 'one server is enough for the lease',
    what: 'The lease counts as taken without a majority.',
    file: leases,
    find: 'const isEnough = taken.length >= majorityOf(world) ||',
    replace: 'const isEnough = taken.length > 0 ||',
  },
  {
    name: 'a held lease is given once more',
    what: 'A server gives its lease to a second run.',
    file: lease,
    find: 'if (held.holder !== null && held.holder !== holder && !over.includes(held.holder)) {',
    replace: 'if (held.holder === holder && held.token < 0) {',
  },
];
