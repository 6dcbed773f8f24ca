/**
 * Bugs when the two lose each other, and when one becomes active. DRBD's: promotion races, writes
 * that went on although fencing had not succeeded, a lost-quorum rule applied to the wrong side.
 */
import type { Mutation } from './mutation.ts';

const loss = 'src/mirror/loss.ts';
const proof = 'src/mirror/proof.ts';
const activation = 'src/mirror/activation.ts';

export const takeover: Mutation[] = [
  {
    name: 'no freeze at a loss',
    what: 'Writes go on while the break is made durable.',
    file: loss,
    find: 'if (disk.active && peerFollows) disk.gate.shut();',
    replace: 'void peerFollows;',
    test: 'test/mirror/asynchronous.test.ts',
  },
  {
    name: 'late writes of the other side',
    what: 'What the other side sent before the loss is applied after this side went on.',
    file: loss,
    find: '  await Promise.all(disk.incoming);\n',
    replace: '',
    test: 'test/mirror/asynchronous.test.ts',
  },
  {
    name: 'no new generation',
    what: 'The active side goes on alone under the generation that both had.',
    file: loss,
    find: 'await mint(disk, { latest: false, unserved: true, breakTime });',
    replace: 'await disk.save({ peerFollows: false, breakTime });',
  },
  {
    name: 'loss does not mark what is in flight',
    what: 'The break is durable, the blocks of writes under way are not.',
    file: loss,
    find: '    await disk.markInFlight();\n',
    replace: '',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'standby stays GREEN',
    what: 'A standby that lost the active side goes on counting as the latest.',
    file: loss,
    find: '    await disk.save({ latest: false, breakTime });\n  }',
    replace: '    void breakTime;\n  }',
    test: 'test/mirror/agent.test.ts',
  },
  {
    name: 'going on before the other side knows',
    what: 'With fencing configured, writes do not wait until the other side knows of the break.',
    file: loss,
    find: 'if (!disk.p.fencing) {',
    replace: 'if (disk.p.name !== "") {',
    test: 'test/mirror/proof.test.ts',
  },
  {
    name: 'a notice is not kept',
    what: 'That the other side went on alone is heard and not made durable.',
    file: loss,
    find: 'if (disk.session === null) await disk.save({ latest: false, passedBy: generation });',
    replace: 'void generation;',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'the own host does not know the generation',
    what: 'The file by which a host tells the generation is not written at a break.',
    file: loss,
    find: '    await writeGeneration(disk, Number.POSITIVE_INFINITY);\n',
    replace: '',
  },
  {
    name: 'evidence after a notice',
    what: 'Evidence counts although the other side told that it went on alone.',
    file: proof,
    find: "if (record.passedBy !== null) return 'the other side went on alone';",
    replace: '',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'evidence for a copy behind',
    what: 'Evidence counts for a copy that was not in step.',
    file: proof,
    find: "if (!record.peerFollows) return 'this copy was not in step with the other one';",
    replace: '',
    test: 'test/mirror/giving-way.test.ts',
  },
  {
    name: 'evidence for a lagging copy',
    what: 'Evidence counts for a copy that may lack acknowledged writes of asynchronous mode.',
    file: proof,
    find: 'if (record.lagging === true)',
    replace: 'if (record.mirror === "")',
    test: 'test/mirror/asynchronous.test.ts',
  },
  {
    name: 'evidence is not checked',
    what: 'That the agent of the other side does not run is enough, whatever it did before.',
    file: proof,
    find: 'return said.generation === disk.record.generation;',
    replace: 'return said.generation !== undefined;',
  },
  {
    name: 'a fence proves everything',
    what: 'A fence counts although this agent did not see how the connection was lost.',
    file: proof,
    find: "return disk.lostInSync ? null : 'this agent did not see how the connection was lost';",
    replace: 'return null;',
    test: 'test/mirror/model.test.ts',
  },
  {
    name: 'both give way to none',
    what: 'The side that gives way does not keep that it did.',
    file: proof,
    find: 'await disk.save({ latest: false, passedBy: `yielded',
    replace: 'void (async (_: unknown) => {})({ latest: false, passedBy: `yielded',
    test: 'test/mirror/giving-way.test.ts',
  },
  {
    name: 'giving way to an older copy',
    what: 'A side gives way to a copy of another generation.',
    file: proof,
    find: 'if (!same || !whole || !met ||',
    replace: 'if (!whole || !met ||',
    test: 'test/mirror/giving-way.test.ts',
  },
  {
    name: 'active alone under the old generation',
    what: 'A side that becomes active without the other one mints no generation.',
    file: activation,
    find: "const minted = disk.phase !== 'inSync' && shared;",
    replace: 'const minted = shared && !shared;',
  },
  {
    name: 'active on unflushed data',
    what: 'A standby becomes active on what it was sent and has not flushed.',
    file: activation,
    find: '  await disk.flushLocal();\n  await disk.save({ active: true',
    replace: '  await disk.save({ active: true',
    test: 'test/mirror/giving-way.test.ts',
  },
  {
    name: 'rest without a flush',
    what: 'A side stops being active while the other one has writes in its cache only.',
    file: activation,
    find: '    await flushToRest(disk);\n',
    replace: '',
  },
  {
    name: 'claims are always granted',
    what: 'A side that is active lets the other one become active.',
    file: activation,
    find: 'if (disk.active || (disk.activating && disk.p.connects)) {',
    replace: 'if (disk.p.name === "") {',
  },
];
