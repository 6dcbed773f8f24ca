/**
 * Bugs in who may serve a mirror. Those of a mirror alone are in test/mirror/mutations; here are some
 * that whole clusters have to show.
 */
import type { Mutation } from '../../support/mutation.ts';

const activation = 'src/mirror/pair/activation.ts';
const proof = 'src/mirror/pair/proof.ts';
const loss = 'src/mirror/pair/loss.ts';

export const mirrorBugs: Mutation[] = [
  {
    name: 'active without evidence',
    what: 'A copy that may lack acknowledged writes becomes active.',
    file: proof,
    find: '  if (why !== null) throw notLatest(disk, why);\n',
    replace: '',
  },
  {
    name: 'active beside an active one',
    what: 'An active side lets the other one become active, too.',
    file: activation,
    find: 'if (disk.pair.now.isActive || (disk.pair.now.isActivating && disk.p.connects)) {',
    replace: 'if (disk.pair.now.isActivating && disk.p.connects) {',
  },
  {
    name: 'a yield is not durable',
    what: 'A copy that yields forgets it at its next start.',
    file: proof,
    find: '    await disk.copy.save({ latest: false, passedBy: `yielded to ${String(server)}` });\n',
    replace: '',
  },
  {
    name: 'a standby stays the latest',
    what: 'A standby that loses its active side still counts as the latest.',
    file: loss,
    find: '  } else if (record.peerFollows && !record.peerYielded && record.latest) {\n',
    replace: '  } else if (record.peerFollows && record.peerYielded && record.latest) {\n',
  },
  {
    name: 'alone under the old generation',
    what: 'A side that goes on alone bears the generation that both had.',
    file: loss,
    find: '    await mint(disk, { latest: false, unserved: true, breakTime });\n',
    replace: '',
  },
  {
    name: 'writes in flight are equal',
    what: 'Blocks that were under way when the connection was lost do not count as different.',
    file: loss,
    find: '    await disk.writes.noteUnconfirmed(disk.copy.outOfSync);\n',
    replace: '',
  },
  {
    name: 'a failed disk goes on',
    what: 'An agent whose disk fails does not have its server reset.',
    file: 'src/mirror/copy/failure.ts',
    find: '  if (!disk.life.isOver && !disk.life.isEnding) disk.ports.onDiskError(disk.p.name, error.message);\n',
    replace: '',
  },
  {
    name: 'the other side went on unheard',
    what: 'A notice that the other side went on alone is answered and not kept.',
    file: loss,
    find: '    if (disk.pair.session === null) await disk.copy.save({ latest: false, passedBy: generation });\n',
    replace: '',
  },
  {
    // That no write is under way any more is asked before: without that question nothing is seen, for
    // the flush goes behind the writes over the same connection.
    name: 'deactivated without a flush',
    what: 'A mirror is given up while what was written is not durable on both copies.',
    file: activation,
    find: '    await flushToRest(disk);\n',
    replace: '',
  },
];
