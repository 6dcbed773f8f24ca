/** Forced stop in a clp.conf: every platform, what names each server to it, and where secrets stay. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import {
  parseClusterConfiguration,
  powerSettingsOf,
  valueAt,
  writeClusterConfiguration,
} from '../../src/config/index.ts';
import { powerFromFile } from '../../src/lab/power-file.ts';
import { madeCluster } from '../support/made-cluster.ts';

const PLAIN = madeCluster(['x5']);
const folder = mkdtempSync(join(tmpdir(), 'drydock-forced-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

/** A cluster with a forced stop: what its servers have in common, and each of its own. */
function withStop(kind: string, common: string, info: string, own: string): string {
  const device = `<device id="600"><type>${kind}</type><info>${info}</info><${kind}>${own}</${kind}></device>`;
  return PLAIN.replaceAll('</server>', `${device}</server>`).replace(
    '</root>',
    `<forcestop><types name="${kind}"/><${kind} name="${kind}1"><timeout>9</timeout><parameters>${common}</parameters></${kind}></forcestop></root>`,
  );
}

const login = '<user>operator</user><password>hunter2</password>';
const kinds: [kind: string, common: string, info: string, own: string][] = [
  ['bmc', '<port>624</port>', '10.0.9.1', login],
  ['vcenter', `<url>https://vc</url>${login}`, '/dc/vm/a', ''],
  ['aws', '<region>eu-1</region>', 'i-1', ''],
  ['azure', '<group>g</group>', 'a', ''],
  ['oci', '', 'ocid1', ''],
];

function kept(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

for (const [kind, common, info, own] of kinds) {
  test(`${kind}: read, written back, and made a power control; no secret is in what is read`, (t) => {
    const text = withStop(kind, common, info, own);
    const config = parseClusterConfiguration(text, 'clp.conf');
    t.like(config.forceStop, { type: kind, timeoutMs: 9000 });
    t.notRegex(JSON.stringify(config), /hunter2/);
    t.is(writeClusterConfiguration(config, text), text);
    const anew = writeClusterConfiguration(config);
    t.deepEqual(parseClusterConfiguration(anew, 'clp.conf').forceStop, config.forceStop);
    t.notThrows(() => powerFromFile(kept(`${kind}.conf`, text)));
  });
}

test('what every server has in common is each one’s, and its own goes first', (t) => {
  const settings = powerSettingsOf(withStop('bmc', '<port>624</port>', 'a', '<port>7</port>'), 'f');
  t.deepEqual(settings?.servers.server1, { info: 'a', fields: { port: '7' } });
  t.is(powerSettingsOf(PLAIN, 'f'), null);
});

const refused: [what: string, text: string, words: RegExp][] = [
  ['without a forced stop', PLAIN, /configures no forced stop; .*|configures no forced stop/],
  ['by a script', withStop('custom', '', '', ''), /platform: there is none called custom/],
  ['without a password', withStop('bmc', '', '10.0.9.1', '<user>u</user>'), /has no password/],
  ['without an address', withStop('bmc', '', '', login), /has no address/],
  [
    'with too little privilege',
    withStop('bmc', '<privilege>USER</privilege>', '10.0.9.1', login),
    /privilege USER cannot cut the power/,
  ],
];

for (const [what, text, words] of refused) {
  test(`as a power control a file ${what} is refused`, (t) => {
    const error = t.throws(() => powerFromFile(kept('refused.conf', text)));
    t.regex(error.message, words);
    t.notRegex(error.message, /hunter2/);
  });
}

test('an unknown kind is refused by its place', (t) => {
  const text = withStop('magic', '', '', '');
  t.throws(() => parseClusterConfiguration(text, 'f'), { message: /by magic is not known/ });
});

test('what a name calls a secret is not shown', (t) => {
  const secrets = `${login}<accesstoken>A1</accesstoken><clientsecret>B2</clientsecret>`;
  const text = withStop('bmc', '', '10.0.9.1', secrets);
  const at = (field: string) => valueAt(text, 'f', `/root/server@server1/device@600/bmc/${field}`);
  t.is(at('user'), 'operator');
  for (const field of ['password', 'accesstoken', 'clientsecret']) t.is(at(field), '****', field);
});

const ACTIONS: [kind: string, word: string, action: string | undefined][] = [
  ['bmc', 'poweroff', undefined],
  ['bmc', 'reset', 'reset'],
  ['bmc', 'powercycle', 'cycle'],
  ['bmc', 'nmi', 'nmi'],
  ['vcenter', 'poweroff', undefined],
  ['vcenter', 'reset', 'reset'],
  ['aws', 'stop', undefined],
  ['aws', 'reboot', 'reboot'],
  ['oci', 'reboot', 'reboot'],
  ['azure', 'stop', undefined],
  ['azure', 'deallocate', 'deallocate'],
  ['azure', 'reboot', 'reboot'],
];

for (const [kind, word, action] of ACTIONS) {
  test(`${kind}: the action ${word} is read, and written back (x5 2.12.4)`, (t) => {
    const [, common, info, own] = kinds.find(([name]) => name === kind)!;
    const plain = withStop(kind, common, info, own);
    const text = plain.replace('<timeout>9</timeout>', `$&<action>${word}</action>`);
    const config = parseClusterConfiguration(text, 'clp.conf');
    t.is(config.forceStop?.action as string | undefined, action);
    t.is(writeClusterConfiguration(config, text), text);
    const changed = parseClusterConfiguration(writeClusterConfiguration(config, plain), 'f');
    t.deepEqual(changed.forceStop, config.forceStop);
    const without = writeClusterConfiguration(parseClusterConfiguration(plain, 'f'), text);
    t.is(parseClusterConfiguration(without, 'f').forceStop?.action, undefined);
    t.notThrows(() => powerFromFile(kept(`${kind}-${word}.conf`, text)));
  });
}

test('an action of another platform is refused, with those that there are', (t) => {
  const text = withStop('aws', '', 'i', '').replace('<timeout>9</timeout>', '<action>nmi</action>');
  t.throws(() => parseClusterConfiguration(text, 'f'), {
    message: /by aws has no action nmi/,
  });
});

test('without a timeout a controller is given half a minute', (t) => {
  const text = withStop('bmc', '', 'a', login).replace('<timeout>9</timeout>', '');
  t.is(parseClusterConfiguration(text, 'f').forceStop?.timeoutMs, 30_000);
});
