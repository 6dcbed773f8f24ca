/**
 * A runner in a process of its own, on a lab, which dies by SIGKILL where it is told to:
 *
 *     before TYPE:STEP   an entry is about to be recorded: what it tells has been done
 *     after TYPE:STEP    an entry is durable: what follows from it has not been done
 *     during STEP        the server has the command's record, the answer was not waited for
 *     never              it goes on to the end, and says so on stdout
 *
 * Arguments: lab folder, journal, plan (file), where to note the commands it starts, death.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { openSqliteJournal } from '../../src/adapters/sqlite-journal.ts';
import { systemRandom } from '../../src/adapters/system-random.ts';
import type { Plan } from '../../src/core/plan.ts';
import { openLab } from '../../src/lab/lab.ts';
import type { ClusterDoor } from '../../src/ports/cluster.ts';
import type { Journal } from '../../src/ports/journal.ts';
import { resumeRun } from '../../src/runbook/run/resume.ts';
import { runPlan } from '../../src/runbook/run/run.ts';
import { withCommands } from './doors.ts';
import { allEntries } from './records.ts';

const [folder, file, planFile, notes, when, where] = process.argv.slice(2) as string[];

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('still alive');
}

function deadly(journal: Journal): Journal {
  const isHere = (entries: readonly { type: string; body: object }[]) =>
    entries.some(({ type, body }) => `${type}:${(body as { step?: string }).step ?? ''}` === where);
  return {
    ...journal,
    async append(entries, after) {
      if (when === 'before' && isHere(entries)) die();
      const sealed = await journal.append(entries, after);
      if (when === 'after' && isHere(entries)) die();
      return sealed;
    },
  };
}

function noting(door: ClusterDoor): ClusterDoor {
  return withCommands(door, {
    async exec(request) {
      const { server, operation, argv } = request;
      appendFileSync(notes as string, `${operation} ${server}: ${argv.join(' ')}\n`);
      const answer = door.commands.exec(request);
      if (when !== 'during' || !operation.split('/').includes(where as string)) return answer;
      while ((await door.commands.operation(server, operation)) === null);
      die();
    },
  });
}

const lab = openLab(folder as string);
const journal = openSqliteJournal({ file: file as string, clock: lab.clock, who: 'ann@desk' });
const plan = JSON.parse(readFileSync(planFile as string, 'utf8')) as Plan;
const deps = {
  door: noting(lab.door()),
  operator: {
    ...lab.operator(),
    confirm: async () => null,
    choose: async () => null,
  },
  journal: deadly(journal),
  clock: lab.clock,
  random: systemRandom(),
  who: 'ann@desk',
};
const run = (await allEntries(journal))[0]?.run;
const result = run ? await resumeRun({ ...deps, run }) : await runPlan({ ...deps, plan });
process.stdout.write(JSON.stringify({ outcome: result.outcome, words: result.words }));
await journal.close();
lab.close();
