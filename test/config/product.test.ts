/** Which product a file is of, what its version changes, and which files are no Linux cluster's. */
import test from 'ava';
import {
  addsResources,
  checkConfiguration,
  endsDoubleRuns,
  parseClusterConfiguration,
  takesDiskImages,
  writeClusterConfiguration,
} from '../../src/config/index.ts';
import { compareVersions } from '../../src/config/version.ts';
import { describeError } from '../../src/core/errors.ts';
import { V3_TEXT } from '../cluster/fake-servers.ts';

const parse = (text: string) => parseClusterConfiguration(text, 'clp.conf');

function saved(edition: string | null, version: string | null): string {
  const element = (name: string, value: string | null) =>
    value === null ? '' : `<${name}>${value}</${name}>`;
  const trekking = `${element('savededition', edition)}${element('savedversion', version)}`;
  // Of the kinds of heartbeat XE knows all but that by a serial line.
  const text = edition === 'XE' ? V3_TEXT.replace(/<comhb [\s\S]*?<\/comhb>/, '') : V3_TEXT;
  return text.replace(/<trekking>[\s\S]*?<\/trekking>/, `<trekking>${trekking}</trekking>`);
}

const products: [edition: string | null, version: string | null, manual: string, as: string][] = [
  ['LE', '3.0-3', 'v3', 'LE'],
  ['SE', '3.0-2', 'v3', 'SE'],
  ['XE', null, 'v3', 'XE'],
  ['SE', '4.2.0-1', 'x5', 'X'],
  ['SE', '5.2.0-1', 'x5', 'X'],
  ['LE', '10.0', 'x5', 'X'],
  ['X', '3.3.0-1', 'x5', 'X'],
  ['X', '5.3.1-1', 'x5', 'X'],
  [null, null, 'x5', 'X'],
  [null, '5.2.0-1', 'x5', 'X'],
];

for (const [edition, version, manual, as] of products) {
  test(`saved by ${edition} ${version} is ${manual} ${as}`, (t) => {
    const config = parse(saved(edition, version));
    t.like(config, { manual, edition: as });
    t.is(config.version, version ?? undefined);
    t.is(writeClusterConfiguration(config, saved(edition, version)), saved(edition, version));
  });
}

const orders: [string, string, number][] = [
  ['3.0-2', '3.0-3', -1],
  ['3.0-3', '3.0-3', 0],
  ['3.0-10', '3.0-9', 1],
  ['4.3', '4.3.0-0', 0],
  ['4.2.9-9', '4.3', -1],
  ['10.0', '9.9', 1],
  ['odd', '0', 0],
];

test('versions are compared number by number', (t) => {
  for (const [a, b, sign] of orders) {
    t.is(Math.sign(compareVersions(a, b)), sign, `${a} ${b}`);
    t.is(Math.sign(compareVersions(b, a)), sign === 0 ? 0 : -sign, `${b} ${a}`);
  }
});

test('what a version can do', (t) => {
  const can = (edition: string, version: string | null) => {
    const config = parse(saved(edition, version));
    return [endsDoubleRuns(config), takesDiskImages(config), addsResources(config)];
  };
  t.deepEqual(can('SE', '3.0-2'), [false, true, false]);
  t.deepEqual(can('SE', '3.0-3'), [true, true, false]);
  t.deepEqual(can('XE', '3.0-1'), [true, true, false]);
  t.deepEqual(can('SE', null), [true, true, false]);
  t.deepEqual(can('X', '3.3.5-1'), [true, false, false]);
  t.deepEqual(can('X', '4.2.2-1'), [true, false, true]);
  t.deepEqual(can('X', '4.3.0-1'), [true, true, true]);
  t.deepEqual(can('X', null), [true, true, true]);
});

const foreign: [what: string, (text: string) => string, RegExp][] = [
  [
    'a Windows cluster',
    (text) => text.replace('<serveros>linux', '<serveros>windows'),
    /^clp\.conf:6: root\/all\/serveros: this is the file of a Windows cluster; give one of Linux$/,
  ],
  [
    'a placeholder for a server',
    (text) => text.replaceAll('"server2"', '"%%VMA2%%"'),
    /^clp\.conf:\d+: root\/server@%%VMA2%%: %%VMA2%% is a placeholder, which nobody has filled in/,
  ],
  [
    'a placeholder for an address',
    (text) => text.replace('<ip>10.0.0.12', '<ip>%%FIP%%'),
    /root\/resource\/fip@fip2\/parameters\/ip: %%FIP%% is a placeholder/,
  ],
  [
    'no server',
    (text) => text.replaceAll(/<server name[\s\S]*?<\/server>/g, ''),
    /there is no server; add <server name="…">/,
  ],
];

for (const [what, change, words] of foreign) {
  test(`${what} is refused with that reason`, (t) => {
    t.regex(describeError(t.throws(() => parse(change(V3_TEXT)))), words);
  });
}

test('a percentage in a comment is no placeholder', (t) => {
  const text = V3_TEXT.replace('Rehearsal cluster', '100%%sure%% cluster');
  t.regex(parse(text).comment, /100%%sure%%/);
});

test('a check finds what is wrong in groups, dependencies, monitors, devices and mirrors', (t) => {
  const text = V3_TEXT.replace('exec@exec2', 'exec@exec9')
    .replace('<target>fip1', '<target>fip7')
    .replace('<device>1</device>', '<device>9</device>')
    .replace('<device>400', '<device>402');
  const { problems, config } = checkConfiguration(text, 'clp.conf');
  t.truthy(config);
  t.deepEqual(
    problems.map(({ message }) => message),
    [
      'server1 has no device 9, which lanhb2 needs',
      'server2 has no device 9, which lanhb2 needs',
      'unknown resource exec9',
      'server1 has no device 402, which md1 needs',
      'server2 has no device 402, which md1 needs',
      'unknown resource fip7',
    ],
  );
  t.deepEqual(checkConfiguration(V3_TEXT, 'clp.conf').problems, []);
  t.is(checkConfiguration('<root/>', 'clp.conf').config, null);
});
