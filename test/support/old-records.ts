/** Records and papers that earlier versions of the program made: see test/old/README.md. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { Status } from '../../src/schema/generated/status.ts';
import { upgradeStatus } from './upgrade-status.ts';

export type OldRecord = 'killed' | 'parked' | 'window' | 'secret';

const folder = fileURLToPath(new URL('../old/', import.meta.url));

export function oldFile(record: OldRecord, name: string): string {
  return join(folder, record, name);
}

export function oldStatus(record: OldRecord): Status {
  return upgradeStatus(JSON.parse(readFileSync(oldFile(record, 'status.json'), 'utf8')));
}

/** A state folder with that record and its papers; the caller removes it. */
export function oldHome(record: OldRecord): string {
  const home = mkdtempSync(join(tmpdir(), 'drydock-old-'));
  for (const name of readdirSync(join(folder, record)).filter((one) => one.endsWith('.gz'))) {
    const whole = gunzipSync(readFileSync(oldFile(record, name)));
    writeFileSync(join(home, name.slice(0, -'.gz'.length)), whole, { mode: 0o600 });
  }
  const papers = oldFile(record, 'papers');
  if (!existsSync(papers)) return home;
  mkdirSync(join(home, 'windows'), { mode: 0o700 });
  cpSync(papers, join(home, 'windows'), { recursive: true });
  return home;
}
