/** What advice is made of: which runbooks fit a cluster, what a wish comes near, the file of symptoms. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { topologyOf } from '../../src/change/topology.ts';
import { describeError } from '../../src/core/errors.ts';
import type { Json } from '../../src/core/json.ts';
import { type Fit, fitOf } from '../../src/runbook/advice/fit.ts';
import { holdsIn, parseSymptoms, scopeAbout } from '../../src/runbook/advice/symptoms.ts';
import { relevanceOf } from '../../src/runbook/advice/wish.ts';
import { lintSymptoms } from '../../src/runbook/language/lint/symptoms.ts';
import { loadRunbooks } from '../../src/runbook/language/load.ts';
import type { Status } from '../../src/schema/generated/status.ts';
import type { Topology } from '../../src/schema/generated/topology.ts';
import { buildTwin } from '../../src/sim/twin.ts';

const library = loadRunbooks();
const clusters = new Map<string, { status: Status; topology: Topology }>();

test.before(async () => {
  for (const name of ['v3le', 'v3se', 'x5hybrid']) {
    const file = new URL(`../../fixtures/clusters/${name}.clp.conf`, import.meta.url);
    const configText = readFileSync(file, 'utf8');
    const twin = await buildTwin({ configText, seed: 9, dataBytes: 1024 * 1024 });
    await twin.up();
    clusters.set(name, { status: await twin.status(), topology: topologyOf(twin.config) });
  }
});

function fitIn(cluster: string, id: string, given: Record<string, Json> = {}): string {
  const fit: Fit = fitOf({ library, ...clusters.get(cluster)! }, library.get(id)!, given);
  if (!fit.fits) return `no: ${fit.why}`;
  const wants = fit.wants.map(({ name, oneOf }) => `${name}=${oneOf.join('|') || '…'}`);
  return ['yes', JSON.stringify(fit.parameters), ...wants].join(' ');
}

const FITS: [string, string, string][] = [
  ['v3le', 'v3-5.1', 'yes {}'],
  ['v3se', 'v3-11.10.4', "no: 'v3-11.10.4' is for v3 LE; this cluster is v3 SE"],
  ['v3le', 'x5-2.10', "no: 'x5-2.10' is for x5 X; this cluster is v3 LE"],
  // Which server is to be restarted outside the cluster is a person's choice.
  ['v3le', 'v3-5.2.deactivate', 'yes {} server=server1|server2'],
  ['v3se', 'v3-6.2', 'yes {} fs=ext2|ext3|ext4|xfs device=…'],
  [
    'v3le',
    'v3-11.10.5',
    'no: a copy is in order (v3-11.10.4), or a server is missing (v3-11.10.6); nothing is to be forced here',
  ],
  [
    'v3le',
    'v3-11.10.6',
    'no: the copy of server1 is not RED; there is nothing to force; or: the copy of server2 is not RED; there is nothing to force',
  ],
  [
    'v3se',
    'v3-11.6',
    'no: server1 still has power: shut it down first, so that its groups are elsewhere when it goes; or: server2 still has power: shut it down first, so that its groups are elsewhere when it goes',
  ],
  // Which of several ways is meant has a default, with which nothing can be done.
  ['x5hybrid', 'x5-2.26.1', 'yes {} target=server1|server2|server3 interface=… address=… lan=…'],
  ['x5hybrid', 'x5-2.20.3-active', 'no: it needs a cluster of two servers'],
  [
    'x5hybrid',
    'x5-2.14.3',
    'no: the disks of a hybrid disk are replaced server group by server group, with x5-2.14.1',
  ],
  ['x5hybrid', 'x5-2.15', 'no: nothing here is in the state that it is for'],
];

for (const [cluster, id, said] of FITS) {
  test(`${id} in ${cluster}`, (t) => t.is(fitIn(cluster, id), said));
}

const WISHES: [string, string][] = [
  ['restore a virtual machine', 'x5-2.18'],
  ['backing up the configuration without a floppy', 'v3-1.2.2'],
  ['stop the daemons only', 'v3-5.1'],
  ['the load is over, normal time-outs again', 'x5-2.13-timeout-release'],
];

for (const [wish, id] of WISHES) {
  test(`wished: ${wish}`, (t) => {
    const [first] = [...relevanceOf(wish, library)].sort(([, one], [, other]) => other - one);
    t.is(first?.[0], id);
  });
}

test('a wish in the very words of a title is nearest to it, and no words are near nothing', (t) => {
  t.true(relevanceOf('Recover a mirror with a command', library).get('v3-11.10.4')! > 0.999);
  t.true([...relevanceOf('!', library).values()].every((nearness) => nearness === 0));
});

const WHOLE = `symptoms:
  - id: a
    about: something
    danger: data
    each: mirrors
    shows: mirror(it).state == 'Abnormal'
    says: "{it} is wrong"
    remedies: [{ runbook: v3-11.10.4, with: { md: "{it}" } }]
`;

const MALFORMED: [string, string, string][] = [
  [
    'danger: data',
    'danger: money',
    "s.yaml:4:13: symptoms[0].danger: 'danger' is none of the words allowed; data | service | redundancy | watch | leftover",
  ],
  [
    '    about: something\n',
    '',
    "s.yaml:2:5: symptoms[0]: '0' lacks the field 'about'; write about: …",
  ],
  ['shows:', 'show:', "s.yaml:2:5: symptoms[0]: '0' lacks the field 'shows'; write shows: …"],
];

const DOUBTFUL: [string, string, string][] = [
  [
    "state == 'Abnormal'",
    "stat == 'Abnormal'",
    "s.yaml:6:12: symptoms[0].shows: MirrorStatus has no field 'stat'; did you mean 'state'?",
  ],
  [
    '"{it} is wrong"',
    '"{its} is wrong"',
    "s.yaml:7:11: symptoms[0].says: unknown name 'its'; did you mean 'it'?",
  ],
  [
    'runbook: v3-11.10.4',
    'runbook: v3-11.10.44',
    "s.yaml:8:27: symptoms[0].remedies[0].runbook: there is no runbook 'v3-11.10.44'; did you mean 'v3-11.10.4'?",
  ],
  [
    'md: "{it}"',
    'mb: "{it}"',
    "s.yaml:8:51: symptoms[0].remedies[0].with.mb: 'v3-11.10.4' has no parameter 'mb'; did you mean 'md'?",
  ],
];

for (const [was, becomes, said] of MALFORMED) {
  test(`refused: a file of symptoms with ${becomes || 'nothing'} for ${was.trim()}`, (t) => {
    const error = t.throws(() => parseSymptoms(WHOLE.replace(was, becomes), 's.yaml'));
    t.is(describeError(error), said);
  });
}

for (const [was, becomes, said] of DOUBTFUL) {
  test(`lint: a file of symptoms with ${becomes} for ${was}`, (t) => {
    t.deepEqual(lintSymptoms(library, parseSymptoms(WHOLE, 's.yaml')), []);
    const found = lintSymptoms(library, parseSymptoms(WHOLE.replace(was, becomes), 's.yaml'));
    t.deepEqual(found.map(describeError), [said]);
  });
}

test('a condition that means nothing in a cluster does not hold there', (t) => {
  const { status, topology } = clusters.get('x5hybrid')!;
  const scope = scopeAbout(status, topology, 'hd1');
  t.false(holdsIn("mirror(it).on('server9').connected", scope));
  t.true(holdsIn("mirror(it).state == 'Normal'", scope));
});

test('the file of symptoms that ships is in order', (t) => {
  t.deepEqual(lintSymptoms(library).map(describeError), []);
});
