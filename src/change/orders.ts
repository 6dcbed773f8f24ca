/**
 * Is a command one that people approved, on that server, with those answers? A secret stands in a
 * document by its name and may be any text in its place. Documents of an older program list commands
 * without servers and answers: those count on every server of their plan, whatever is answered.
 */
import type { ApprovedOrder, ApprovedPlan } from '../schema/generated/window-document.ts';
import type { JudgedCase, OrderGiven, Refusal } from './types.ts';

const MARK = /\{secret:[^}]*\}/;

function fitsText(approved: string, given: string): boolean {
  if (approved === given) return true;
  if (!MARK.test(approved)) return false;
  // Nobody approved an option where a value was to stand.
  if (approved.search(MARK) === 0 && given.startsWith('-')) return false;
  const parts = approved.split(MARK).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]+')}$`).test(given);
}

function fitsAll(approved: readonly string[], given: readonly string[]): boolean {
  return (
    approved.length === given.length &&
    approved.every((text, at) => fitsText(text, given[at] as string))
  );
}

/** An order as an approval has it; null where an older document does not say. */
export interface KnownOrder {
  argv: string[];
  server: string | null;
  answers: ApprovedOrder['answers'] | null;
}

/** `by`: which of a plan's orders; an undo's run gives those that take back, and no other. */
export type OrdersOf = 'steps' | 'undos' | 'both';

export function ordersOf({ acts, commands }: ApprovedPlan, by: OrdersOf): KnownOrder[] {
  if (acts === undefined) return commands.map((argv) => ({ argv, server: null, answers: null }));
  return acts.flatMap(({ order, undo }) => [
    ...(order && by !== 'undos' ? [order] : []),
    ...(undo && by !== 'steps' ? [undo] : []),
  ]);
}

/** What counts of a plan and is not in its lists, which people and older programs read. */
export function unlisted(plan: ApprovedPlan): string | null {
  const { id } = plan.runbook;
  const isListed = (argv: string[]) =>
    plan.commands.some(
      (one) => one.length === argv.length && one.every((word, at) => word === argv[at]),
    );
  for (const { argv, server } of ordersOf(plan, 'both')) {
    if (!isListed(argv)) {
      return `its plan ${id} does not list what its steps do: \`${argv.join(' ')}\``;
    }
    if (server !== null && !plan.servers.includes(server)) {
      return `its plan ${id} does not list the server of one of its steps: ${server}`;
    }
  }
  return null;
}

function fitsServer({ server }: KnownOrder, given: OrderGiven): boolean {
  return server === null || given.server === null || server === given.server;
}

/** What is typed is answered while it runs: nobody can tell beforehand. */
function fitsAnswers({ answers }: KnownOrder, given: OrderGiven): boolean {
  if (answers === null || given.answers === null) return true;
  const words = (list: ApprovedOrder['answers']) =>
    list.flatMap(({ prompt, reply }) => [prompt, reply]);
  return fitsAll(words(answers), words(given.answers));
}

export function fitsOrder(order: KnownOrder, given: OrderGiven): boolean {
  return fitsAll(order.argv, given.argv) && fitsServer(order, given) && fitsAnswers(order, given);
}

/** Whether some plan has the order; the refusal when none has it. */
export function orderRefusal(
  one: JudgedCase,
  plans: readonly ApprovedPlan[],
  by: OrdersOf,
  given: OrderGiven,
): Refusal | null {
  const words = given.argv.join(' ');
  const named = plans
    .flatMap((plan) => ordersOf(plan, by))
    .filter(({ argv }) => fitsAll(argv, given.argv));
  const id = one.window.id;
  const remedy =
    one.act.authority.plan === null
      ? `type it as the plan has it (\`drydock window show ${id}\`), or amend the plan`
      : 'run what was approved, or have an amendment approved: `drydock amend`';
  if (named.length === 0) {
    const what = by === 'undos' ? 'undo' : 'command';
    const why = `\`${words}\` is no ${what} of a plan that window ${id} approves`;
    return { code: 'window.command', why, remedy };
  }
  const here = named.filter((order) => fitsServer(order, given));
  if (here.length === 0) {
    const servers = [...new Set(named.map(({ server }) => server))].sort().join(', ');
    const why = `window ${id} approves \`${words}\` on ${servers}, not on ${given.server}`;
    return { code: 'window.server', why, remedy };
  }
  if (here.some((order) => fitsAnswers(order, given))) return null;
  const why = `window ${id} approves \`${words}\` with other answers to its prompts`;
  return { code: 'window.command', why, remedy };
}
