/**
 * Bugs in who takes what ran on a server that went. Found once: who takes an orphan decided on the
 * edge on which it was orphaned, a hand-over lost in a short cut, a group that nobody started
 * because the server that was to start it died in its wait.
 */
import type { Mutation } from '../../support/mutation.ts';

const takeover = 'src/engine/groups/takeover.ts';
const takes = 'src/engine/groups/takes.ts';
const queries = 'src/engine/queries.ts';
const placement = 'src/engine/placement.ts';

export const takeoverBugs: Mutation[] = [
  {
    name: 'an orphan is decided once',
    what: 'Whether a server takes an orphan is decided when it is noted, and never again.',
    file: takeover,
    find: 'kept.filter((group) => here.has(group)),\n    );\n',
    replace: 'kept.filter((group) => here.has(group)),\n    );\n    setOrphans(turn, name, []);\n',
  },
  {
    name: 'a hand-over given up is forgotten',
    what: 'A group whose taker went down is no orphan: it runs nowhere.',
    file: takeover,
    find: '  addOrphans(turn, peer, [group]);\n',
    replace: '  void [turn, peer, group];\n',
  },
  {
    name: 'a reborn daemon left nothing behind',
    what: 'A daemon that died and is back within the timeout: what it ran runs nowhere.',
    file: takeover,
    find: '  addOrphans(turn, name, ranThere(turn.state, before));\n',
    replace: '  void before;\n',
  },
  {
    name: 'a group that was starting is no orphan',
    what: 'Only groups that were online on a lost server are taken over.',
    file: takeover,
    find: "return said.state !== 'Offline' || said.unowned;",
    replace: "return said.state === 'Online' || said.unowned;",
  },
  {
    name: 'everybody is first',
    what: 'Every server that could run an orphan starts it.',
    file: takeover,
    find: 'return firstCandidate(state, groupConfig(state, group)) === state.server;',
    replace: 'return groupConfig(state, group).servers.includes(state.server);',
  },
  {
    name: 'the last one is first',
    what: 'The wrong end of the list: a server of lower priority takes while others decide alike.',
    file: placement,
    find: 'const able = group.servers.filter((server) => canRun(state, group, server));',
    replace:
      'const able = group.servers.filter((server) => canRun(state, group, server)).sort((a) => a === state.server ? -1 : 0);',
  },
  {
    name: 'starts before the power is off',
    what: 'With forced stop a group starts while the other server is still being stopped.',
    file: takeover,
    find: "(lifeOf(peer) !== 'fencing' && !isUnproven(state, peer))",
    replace: '!isUnproven(state, peer)',
  },
  {
    name: 'boots deaf and starts',
    what: 'A server that heard nobody since its boot starts groups beside those that serve.',
    file: queries,
    find: "return peer.chart.context.evidence?.by !== 'fence';",
    replace: 'return false;',
  },
  {
    name: 'left to one that dies in its wait',
    what: 'A group left to a server that is still in its start is nobody’s when that one dies.',
    file: takeover,
    find: '    else if (next !== undefined) addOrphans(turn, next, [name]);\n',
    replace: '',
  },
  {
    name: 'left to one that is past its start',
    what: 'A group is left to a server that decided in its own start not to start it.',
    file: takeover,
    find: "return reported?.phase !== 'online' || reported.groups[group]?.unowned;",
    replace: "return name !== '';",
  },
  {
    name: 'started beside one that waits with it',
    what: 'A server that boots starts a group that waits on a server past its start.',
    file: takeover,
    find: "return reported?.phase !== 'online' || reported.groups[group]?.unowned;",
    replace: "return reported?.phase !== 'online';",
  },
  {
    name: 'asks for evidence once',
    what: 'A server that heard nobody asks once whether the others are off, and never again.',
    file: takeover,
    find: '  armEvidence(turn, name, EVIDENCE_AGAIN_MS);\n',
    replace: '',
  },
  {
    name: 'a lost hand-over counts as taken',
    what: 'A server that never heard of the request counts as having started the group.',
    file: takes,
    find: '    give(turn, group, peer.name, `server ${peer.name} did not take it`);\n',
    replace: "    tell(turn, { type: 'take.ended', group, failure: null });\n",
  },
  {
    name: 'a lost hand-over is waited for',
    what: 'What the other server reports is not looked at: a request lost in a short cut never ends.',
    file: takes,
    find: '} else if (isHeard && settle(turn, group, peer, mayBeLost)) claim(turn, id);',
    replace: '}',
  },
  {
    name: 'the taker dies and the group with it',
    what: 'The task ends when the taker goes down, but nobody has the group.',
    file: takes,
    find: '      give(turn, group, peer.name, `server ${peer.name} ${why}`);\n',
    replace: "      tell(turn, { type: 'take.ended', group, failure: 'gone' });\n",
  },
  {
    name: 'a late request is carried out',
    what: 'A hand-over that was given up long ago starts the group a second time.',
    file: 'src/engine/groups/orders.ts',
    find: "if (said && said.state !== 'Offline Pending') {",
    replace: 'if (!said) {',
  },
  {
    name: 'what it leaves is not said',
    what: 'A daemon that stops does not say which groups it leaves to others.',
    file: 'src/engine/orphans.ts',
    find: 'const isLeft = stopping?.failOver === true && stopping.leaves.includes(group);',
    replace: 'const isLeft = stopping === undefined;',
  },
  {
    name: 'a suspended server runs nothing',
    what: 'What a suspended server runs counts as running nowhere.',
    file: queries,
    find: "return lifeOf(peer) === 'left' && peer.reported?.phase === 'suspended';",
    replace: 'return false;',
  },
];
