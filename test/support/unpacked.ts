/** An archive's files by name, as the machine's own tar gets them out. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

export async function unpacked(bytes: Uint8Array): Promise<Record<string, Buffer>> {
  const folder = mkdtempSync(join(tmpdir(), 'drydock-archive-'));
  try {
    const file = join(folder, 'archive.tar.gz');
    writeFileSync(file, bytes);
    const { stdout } = await execa('tar', ['-tzf', file]);
    const names = stdout.split('\n').filter((name) => name !== '');
    await execa('tar', ['-xzf', file, '-C', folder]);
    return Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
