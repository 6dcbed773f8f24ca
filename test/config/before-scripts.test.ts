/** Scripts that go before a recovery or a final action, in a clp.conf. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { parseClusterConfiguration, writeClusterConfiguration } from '../../src/config/index.ts';

const X5 = readFileSync(
  new URL('../../fixtures/clusters/x5mirror.clp.conf', import.meta.url),
  'utf8',
);
const parse = (text: string) => parseClusterConfiguration(text, 'clp.conf');
const USED = '<preaction><use>1</use><timeout>7</timeout></preaction>';
const genw = (text: string) => parse(text).monitors.find(({ name }) => name === 'genw1')!.recovery;

test('one in use is read with its defaults, one that is not in use is none', (t) => {
  const put = (xml: string) =>
    X5.replace('<genw name="genw1">', (found) => `${found}<emergency>${xml}</emergency>`);
  t.deepEqual(genw(put(USED)).beforeFinalAction, { path: 'preaction.sh', timeoutMs: 7000 });
  t.is(genw(put(USED.replace('<use>1', '<use>0'))).beforeFinalAction, undefined);
  const script = '<script><use>1</use><path>/root/a.sh</path></script>';
  t.deepEqual(genw(put(script)).beforeRecovery, { path: '/root/a.sh', timeoutMs: 5000 });
  t.is(writeClusterConfiguration(parse(put(USED)), put(USED)), put(USED));
});

test('those of a start and of a stop are written and read again', (t) => {
  const config = parse(X5);
  const exec1 = config.resources.find(({ name }) => name === 'exec1')!;
  const [first, second] = [
    { path: 'preaction.sh', timeoutMs: 5000 },
    { path: 'b.sh', timeoutMs: 9000 },
  ];
  exec1.activation.beforeFinalAction = first;
  exec1.deactivation.beforeFinalAction = second;
  exec1.activation.scriptBefore = { path: 'before.sh', timeoutMs: 5000 };
  exec1.deactivation.scriptAfter = second;
  const text = writeClusterConfiguration(config, X5);
  const anew = parse(text).resources.find(({ name }) => name === 'exec1')!;
  t.deepEqual(anew, exec1);
  const without = parse(writeClusterConfiguration(parse(X5), text));
  t.deepEqual(without.resources, parse(X5).resources);
});
