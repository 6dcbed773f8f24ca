/** What use cases tell of plans and runs, in words. */
import { cannotUndo } from '../../runbook/language/changes.ts';
import { estimateWords } from '../../runbook/run/estimate.ts';
import type { RunEvent } from '../../service/events.ts';
import { counted } from '../../service/figures.ts';
import { type Authorised, authorisedWords } from '../../service/run/permission.ts';
import { faultName } from '../../sim/step-faults.ts';
import type { Cli } from '../context.ts';
import { adoptionWords } from '../run/adoption-words.ts';
import { type Following, followRun } from '../run/following.ts';
import type { Words } from './events.ts';
import { openProgress, type Progress } from './progress.ts';

function rightWords(cli: Cli, authorised: Authorised): string {
  const words = authorisedWords(authorised);
  if (authorised.by === 'glass') return cli.paint(['bold', 'red'], words);
  return authorised.by === 'emergency' ? cli.paint('red', words) : words;
}

/** Of `run`, and of what it shares with `undo` and `adopt`. */
function announce(cli: Cli, event: Extract<RunEvent, { type: 'run.announced' }>): void {
  const { plan, on, who, authorised } = event;
  const { runbook } = plan;
  cli.say(cli.paint('bold', `${runbook.id}  ${runbook.title}`));
  cli.say(`cluster  ${on.cluster} (${on.uuid}), ${on.kind} ${on.name}`);
  cli.say(`runbook  ${runbook.hash.slice(0, 16)}, plan ${plan.hash.slice(0, 16)}`);
  for (const { id, of, title, hash } of plan.overlays ?? []) {
    cli.say(`overlay  ${id} ${hash.slice(0, 16)} of ${of}: ${title}`);
  }
  cli.say(`who      ${who}`);
  cli.say(`window   ${rightWords(cli, authorised)}`);
  cannotUndo(plan).forEach((text, at) => {
    cli.say(`${(at === 0 ? 'no undo' : '').padEnd(9)}${text}`);
  });
}

export function runWords(cli: Cli): Words<RunEvent> {
  const warn = (words: string) => cli.say(cli.paint('yellow', words));
  let follow: Following | null = null;
  let progress: Progress | null = null;
  return {
    'run.announced': (event) => announce(cli, event),
    'plan.rehearsed': ({ steps, estimate, isAgain }) => {
      const what = `${counted(steps, 'step')}, ${estimateWords(estimate)}`;
      cli.say(`rehearsed${isAgain ? ' anew' : ''}: ${what}`);
    },
    'run.begun': ({ plan, resumed }) => {
      follow = followRun(cli, plan, resumed);
      cli.heedInterrupts();
    },
    'run.progressed': (event) => follow?.onEvent(event.progress),
    'run.left': () => follow?.end(),
    'run.doubted': ({ words }) => warn(words),
    'cluster.moved': ({ differences }) => {
      warn('the cluster has moved since the run stopped:');
      for (const words of differences) cli.say(`  ${words}`);
    },
    'undo.planned': ({ lines }) => {
      for (const line of lines) cli.say(line);
    },
    'adoption.judged': ({ steps }) => cli.say(adoptionWords(steps).trimEnd()),
    'fault.begun': ({ fault, number, of }) => {
      progress ??= openProgress(cli);
      progress.status(`  … fault ${number} of ${of}: ${faultName(fault)} at ${fault.step}`);
    },
    'faults.ended': () => progress?.end(),
    'advice.tried': ({ id, number, of }) => {
      progress ??= openProgress(cli);
      progress.status(`  … rehearsing ${id}, ${number} of ${of}`);
    },
    'advice.ended': () => progress?.end(),
    'lease.unasked': ({ why }) =>
      cli.say(`the cluster cannot be asked to let the lease go: ${why}`),
  };
}
