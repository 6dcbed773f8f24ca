/** A cluster whose clp.conf is not in UTF-8: taken out to a medium and a folder, and put back. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import iconv from 'iconv-lite';
import { bytesOfText, textOfBytes } from '../../src/core/byte-text.ts';
import { CONFIG_PATH } from '../../src/core/paths.ts';
import { buildTwin } from '../../src/sim/twin.ts';

const V3 = readFileSync(new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url), 'utf8');
const saved = (comment: string) =>
  iconv.encode(
    V3.replaceAll('UTF-8', 'EUC-JP').replace('Rehearsal cluster with a mirror disk', comment),
    'EUC-JP',
  );

test('pull and push leave every byte on every server as it was saved', async (t) => {
  const bytes = saved('基幹系の予行演習');
  const twin = await buildTwin({ configText: textOfBytes(bytes), seed: 3, dataBytes: 1024 * 1024 });
  await twin.up();
  t.is(twin.config.comment, '基幹系の予行演習');
  const exec = async (line: string) => {
    const { exitCode, stdout, stderr } = await twin.exec('server1', line.split(' '));
    t.is(exitCode, 0, stdout + stderr);
  };
  const on = (server: string, path = CONFIG_PATH) =>
    Buffer.from(bytesOfText(twin.server(server).files.get(path) ?? ''));
  const medium = { ...twin.mediumOf('floppy'), files: {} };
  await twin.ask('server1', 'bmc', { do: 'media.put', name: 'floppy', medium }, 1_000);
  await twin.ask('server1', 'bmc', { do: 'medium.insert', medium: 'floppy' }, 1_000);
  await exec('clpcfctrl --pull -l');
  await exec('clpcfctrl --pull -l -x /tmp/backup');
  t.deepEqual(on('server1', '/tmp/backup/clp.conf'), bytes);

  const edited = saved('待機系の予行演習');
  twin.server('server1').files.put('/tmp/edited/clp.conf', textOfBytes(edited));
  await exec('clpcfctrl --push -l -x /tmp/edited');
  for (const { name } of twin.config.servers) t.deepEqual(on(name), edited);
  await exec('clpcfctrl --push -l');
  for (const { name } of twin.config.servers) t.deepEqual(on(name), bytes);
});
