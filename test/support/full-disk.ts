/**
 * A process of its own whose disk is nearly full: writes what must not be lost, with ever less
 * space, and tells each time what the writer said and what then stood there. Arguments: a folder,
 * and how much fits: `disk` (the folder's file system is small), or `file` (a file may not grow
 * beyond a limit that this process was started with).
 */
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keepAnchor } from '../../src/adapters/anchors.ts';
import { putDocument, readDocumentFolder } from '../../src/adapters/document-folder.ts';
import { writeDurably, writeDurablySync } from '../../src/adapters/durable-file.ts';
import { nodeFiles } from '../../src/adapters/node-files.ts';
import { anchorLine } from '../../src/audit/anchors.ts';
import { writeNew } from '../../src/cli/words/writing.ts';
import { tenEntries } from './records.ts';
import { testKey } from './ssh-keys.ts';
import { REQUEST, windowPaper } from './window-papers.ts';

const [folder, limit] = process.argv.slice(2) as [string, 'disk' | 'file'];
const PAGE = 4096;

const long = 'what must not be lost '.repeat(1000);
const paper = windowPaper('request', 'rosa@example.com', 0, {
  ...REQUEST,
  reason: long.slice(0, 9000),
});
const { checkpoint } = await tenEntries(testKey());
const path = join(folder, 'file');
const content = () => (existsSync(path) ? readFileSync(path, 'utf8') : null);

interface Act {
  name: string;
  /** What stands there before; null: nothing. */
  before: string | null;
  /** What stands there when it is done. */
  after: string;
  write(): Promise<unknown> | unknown;
  found?(): string | null;
}

const old = 'as it was\n';
const anchors = `${anchorLine(checkpoint)}\n`;
const filler = `${'#'.repeat(PAGE - 200)}\n`;
const ACTS: Act[] = [
  { name: 'state', before: old, after: long, write: () => writeDurablySync(path, long) },
  { name: 'facts', before: old, after: long, write: () => writeDurably(path, long) },
  { name: 'tree', before: old, after: long, write: () => nodeFiles(folder).write('/file', long) },
  { name: 'out', before: null, after: `${long}\n`, write: () => writeNew(path, [long]) },
  {
    name: 'anchor',
    before: filler,
    after: `${filler}${anchors}`,
    write: () => keepAnchor(checkpoint, `file:${path}`),
  },
  {
    name: 'paper',
    before: null,
    after: paper.text,
    write: () => putDocument(folder, paper),
    found: () => readDocumentFolder(folder).papers[0]?.paper.text ?? null,
  },
];

/** Takes all space but so many pages. */
function leave(pages: number): void {
  if (limit === 'file') return;
  const free = statfsSync(folder).bavail;
  writeFileSync(join(folder, 'full'), Buffer.alloc(Math.max(0, free - pages) * PAGE));
}

const told: { name: string; pages: number; said: string; stands: string; left: string[] }[] = [];
for (const act of ACTS) {
  for (const pages of limit === 'file' ? [0] : [0, 1, 2, 3, 4, 12]) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    if (act.before !== null) writeFileSync(path, act.before);
    leave(pages);
    let said = 'done';
    try {
      await act.write();
    } catch {
      said = 'no';
    }
    rmSync(join(folder, 'full'), { force: true });
    const found = (act.found ?? content)();
    const stands = found === act.after ? 'done' : found === act.before ? 'no' : 'cut';
    const left = readdirSync(folder, { recursive: true }).map(String);
    told.push({
      name: act.name,
      pages,
      said,
      stands,
      left: left.filter((one) => /part/.test(one)),
    });
  }
}
process.stdout.write(JSON.stringify(told));
