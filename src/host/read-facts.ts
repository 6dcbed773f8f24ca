/** What a host's view needs beside its state, read anew for each: see `HostFacts`. */
import { createHash } from 'node:crypto';
import { bytesOfText } from '../core/byte-text.ts';
import { CONFIG_PATH, mirrorNotePath } from '../core/paths.ts';
import { perText } from '../core/per-text.ts';
import type { LogFiles } from '../ports/files.ts';
import type { Outside } from '../ports/outside.ts';
import { reservationOf } from './outside.ts';
import type { HostEffect, HostFacts } from './state.ts';

/** Of a file as it is: asked with every look, and the same one nearly always. */
export const configurationHash = perText((text) =>
  createHash('sha256').update(bytesOfText(text)).digest('hex'),
);

/** Whether a mirror's agent broke it, by the note it left; undefined when the note does not say. */
async function breakOf(files: LogFiles, mirror: string): Promise<'none' | 'broke' | undefined> {
  try {
    const note: unknown = JSON.parse((await files.read(mirrorNotePath(mirror))) ?? '{}');
    const broke = (note as { broke?: unknown } | null)?.broke;
    return typeof broke === 'boolean' ? (broke ? 'broke' : 'none') : undefined;
  } catch {
    return undefined;
  }
}

/** Who reserved each of these shared disks, by serial. */
async function holdersOf(outside: Outside, serials: string[]): Promise<HostFacts['reserved']> {
  const looks = serials.map(async (serial) => {
    return [serial, await outside.look(reservationOf(serial))] as const;
  });
  return Object.fromEntries(await Promise.all(looks));
}

export async function readFacts(
  { files, outside }: { files: LogFiles; outside: Outside },
  { mirrors, shared }: Extract<HostEffect, { type: 'readFacts' }>,
): Promise<HostFacts> {
  const [config, reserved, ...breaks] = await Promise.all([
    files.read(CONFIG_PATH),
    shared && holdersOf(outside, shared),
    ...mirrors.map((mirror) => breakOf(files, mirror)),
  ]);
  const mirrorBreaks: HostFacts['mirrorBreaks'] = {};
  for (const [at, mirror] of mirrors.entries()) {
    const said = breaks[at];
    if (said) mirrorBreaks[mirror] = said;
  }
  const configHash = config === null ? null : configurationHash(config);
  return { configHash, mirrorBreaks, ...(reserved ? { reserved } : {}) };
}
