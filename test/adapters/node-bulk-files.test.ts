/** Binary files below a folder: what is read, what is made, and that nothing reaches outside. */
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { nodeBulkFiles } from '../../src/adapters/node-bulk-files.ts';

test('a file is made once, grows, and is read whole within its limit', async (t) => {
  const root = await mkdtemp(join(tmpdir(), 'drydock-bulk-'));
  t.teardown(() => rm(root, { recursive: true }));
  const files = nodeBulkFiles(root);
  t.is(await files.read('/root/key', 32), null);
  const file = await files.create('/root/kept');
  await file.append(new Uint8Array([1, 2]));
  await file.append(new Uint8Array([3]));
  await file.flush();
  await file.close();
  t.deepEqual([...(await readFile(join(root, 'root/kept')))], [1, 2, 3]);
  t.deepEqual(await files.read('/root/kept', 3), new Uint8Array([1, 2, 3]));
  await t.throwsAsync(files.read('/root/kept', 2), { message: /more than 2 bytes/ });
  await t.throwsAsync(files.create('/root/kept'), { code: 'EEXIST' });
  await t.throwsAsync(files.read('/root', 10));
  await writeFile(join(root, 'outside'), 'x');
  await symlink(join(root, 'outside'), join(root, 'root/link'));
  await t.throwsAsync(files.read('/root/link', 10), { message: /symbolic link/ });
  await t.throwsAsync(files.create('/root/link'), { message: /symbolic link/ });
});
