/** A lab whose starter is killed at any moment, or whose switch dies, still goes down clean. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { execa } from 'execa';
import { buildPrograms } from '../../scripts/build.ts';
import { isAlive } from '../../src/adapters/process-table.ts';
import { labDown, openLab } from '../../src/lab/lab.ts';
import { fixture, makePlace, processesIn, startLab } from './support.ts';

const place = makePlace();
test.before(async () => {
  await buildPrograms();
});
test.after.always(() => place.remove());

const labModule = fileURLToPath(new URL('../../src/lab/lab.ts', import.meta.url));

/**
 * A program that brings a lab up and says each stage; it is killed when it says `stage`. It stays
 * when the lab is up, so that a signal that comes late on a busy machine finds it.
 */
async function startAndKill(folder: string, stage: string): Promise<void> {
  const program = join(place.folder, 'starter.ts');
  writeFileSync(join(place.folder, 'clp.conf'), fixture('x5mirror'));
  writeFileSync(
    program,
    `import { readFileSync } from 'node:fs';
     import { labUp } from ${JSON.stringify(labModule)};
     const [, , folder, config] = process.argv;
     await labUp({
       folder,
       configText: readFileSync(config, 'utf8'),
       onProgress: (words) => process.stdout.write(words + '\\n'),
     });
     process.stdout.write('up\\n');
     process.stdin.resume();`,
  );
  const args = [program, folder, join(place.folder, 'clp.conf')];
  const child = execa(process.execPath, args, { reject: false, stdin: 'pipe' });
  child.stdout.on('data', (words: Buffer) => {
    if (words.toString().includes(stage) || /^up$/m.test(words.toString())) child.kill('SIGKILL');
  });
  const end = await child;
  const isKilled = end.signal === 'SIGKILL' && end.stdout.includes(stage);
  if (!isKilled) throw new Error(`it was not killed while ${stage}: ${end.stdout}${end.stderr}`);
}

const stages = ['making', 'powering', 'constructing', 'starting'];
for (const stage of stages) {
  test.serial(`a lab whose starter was killed while ${stage} goes down`, async (t) => {
    const folder = join(place.folder, stage);
    await startAndKill(folder, stage);
    const wasThere = existsSync(folder);
    t.is((await labDown(folder)).was, wasThere);
    t.deepEqual(processesIn(folder), []);
    t.false(existsSync(folder));
  });
}

test.serial('without its switch a lab ends by itself, and goes down', async (t) => {
  const lab = await startLab(join(place.folder, 'x5'), 'x5mirror');
  const hub = openLab(lab.folder).file.processes.find(({ name }) => name === 'switch');
  process.kill(hub!.mark.pid, 'SIGKILL');
  while (lab.file.processes.some(({ mark }) => isAlive(mark))) {
    await new Promise((resolve) => setImmediate(resolve));
  }
  t.true((await lab.down()).was);
  t.deepEqual(processesIn(lab.folder), []);
  t.false(existsSync(lab.folder));
});

test.serial('a folder that is no lab is not deleted', async (t) => {
  const folder = join(place.folder, 'mine');
  mkdirSync(folder);
  writeFileSync(join(folder, 'thesis.txt'), 'years');
  await t.throwsAsync(labDown(folder), { message: /holds no lab/ });
  writeFileSync(join(folder, 'lab.json'), '{"schema":"other"}');
  await t.throwsAsync(labDown(folder), { message: /is not a lab/ });
  t.true(existsSync(join(folder, 'thesis.txt')));
  await t.throwsAsync(startLab(folder, 'v3le'), { message: /is not a lab/ });
});
