/** An archive of texts, as `tar -xzf` of any machine reads it. Which file comes when is for whoever makes one. */
import { gzipSync } from 'node:zlib';
import { packTar } from 'modern-tar';
import { bytesOfText } from '../../core/byte-text.ts';

export interface Member {
  /** Relative. */
  name: string;
  text: string;
}

/** `at`: of all its files, in ms. */
export async function archiveOf(members: readonly Member[], at: number): Promise<Uint8Array> {
  const entries = members.map(({ name, text }) => {
    const body = Uint8Array.from(bytesOfText(text));
    const mtime = new Date(at);
    return { header: { name, size: body.length, mode: 0o600, mtime }, body };
  });
  return gzipSync(await packTar(entries));
}
