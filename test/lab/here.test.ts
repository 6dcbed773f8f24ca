/** Where relative paths of a lab's command begin. */
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { nodeFiles } from '../../src/adapters/node-files.ts';
import { hereIn } from '../../src/lab/here.ts';

test('a folder of the server’s tree, its root for the rest of the lab, else the machine’s folder', async (t) => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'drydock-here-')));
  const folder = join(base, 'lab');
  const root = join(folder, 'servers/server1/root');
  mkdirSync(join(root, 'tmp/upload'), { recursive: true });
  mkdirSync(join(base, 'lab-beside'));
  const files = nodeFiles(root);
  const at = (path: string) => hereIn({ folder, root }, files, path);
  t.deepEqual(at(join(root, 'tmp/upload')), { files, path: '/tmp/upload' });
  t.deepEqual(at(root), { files, path: '/' });
  t.deepEqual(at(folder), { files, path: '/' });
  t.deepEqual(at(join(folder, 'servers/server2/root/opt')), { files, path: '/' });
  const beside = at(join(base, 'lab-beside'));
  t.is(beside.path, join(base, 'lab-beside'));
  await beside.files.write(join(beside.path, 'clp.conf'), 'x');
  t.is(await beside.files.read(join(base, 'lab-beside/clp.conf')), 'x');
  t.is(await files.read('/clp.conf'), null);
});
