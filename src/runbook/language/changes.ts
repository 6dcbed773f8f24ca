/**
 * What acts, and what only looks. A step that changed something and has no undo is where an undo
 * ends; lint asks such steps for an expectation.
 */
import type { Plan, PlannedStep } from '../../core/plan.ts';

/** Programs that only show something, whatever their options. */
const ONLY_SHOW = new Set([
  'clpstat',
  'clpmdstat',
  'cat',
  'ls',
  'hostname',
  'date',
  'echo',
  'true',
]);
const GOES_DOWN = new Set(['shutdown', 'reboot', 'clpdown', 'clpstdn', 'clprestore.sh']);

function hasWord(argv: readonly string[], ...words: string[]): boolean {
  return argv.some((argument) => words.includes(argument));
}

/** Whether the command can change the cluster or a server. */
export function isChanging(argv: readonly string[]): boolean {
  const [program = ''] = argv;
  if (program === 'chkconfig' || program === 'fdisk') return !hasWord(argv, '--list', '-l');
  if (program === 'blockdev') return !hasWord(argv, '--getro');
  if (program === 'tar') return !/^-?[cfv]*t/.test(argv[1] ?? '');
  return !ONLY_SHOW.has(program);
}

/** Whether the command may take its server down. */
export function isGoingDown(argv: readonly string[]): boolean {
  return GOES_DOWN.has(argv[0] ?? '');
}

/** Whether the command copies one side of a mirror over the other. */
export function isCopying(argv: readonly string[]): boolean {
  return argv[0] === 'clpmdctrl' && hasWord(argv, '--recovery', '-r', '--force', '-f');
}

/** Whether the command only stops such a copy, which leaves neither the old data nor the new. */
export function isStoppingCopy(argv: readonly string[]): boolean {
  return argv[0] === 'clpmdctrl' && hasWord(argv, '--cancel', '-c', '--break', '-b');
}

/** Whether the step acts on the cluster, by a command or by a person's hands. */
export function isActing({ action }: Pick<PlannedStep, 'action'>): boolean {
  if (action.verb === 'run') return isChanging(action.argv);
  return action.verb === 'operator';
}

/** `STEP: title` of what changes something and has no undo: to be said before a run starts. */
export function cannotUndo(plan: Pick<Plan, 'steps' | 'undoes'>): string[] {
  if (plan.undoes !== undefined) return [];
  const final = plan.steps.filter((step) => isActing(step) && step.undo === null);
  return final.map(({ id, title }) => `${id}: ${title}`);
}
