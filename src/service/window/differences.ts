/** What a rehearsal shows otherwise than the one that was approved, in words. */
import { fitsOrder, ordersOf } from '../../change/orders.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApprovedPlan, WindowRequest } from '../../schema/generated/window-document.ts';
import { counted, duration } from '../figures.ts';

/** Durations that differ by less are the same to a person who plans a window. */
const SAME_SHARE = 0.25;
const SAME_MS = 2_000;
const MOST_LINES = 40;

/** Times of single steps vary from rehearsal to rehearsal; what is done does not. */
function comparable(transcript: string): string[] {
  return transcript
    .split('\n')
    .map((line) => line.replace(/ +\d+(\.\d+)? (ms|s|min|h)( \d+ (s|min))?\.?$/, '').trimEnd())
    .filter((line) => line !== '' && !line.startsWith('It would succeed'));
}

/** Lines taken out (-) and put in (+), by the longest common run of lines. */
export function changedLines(before: readonly string[], after: readonly string[]): string[] {
  const width = after.length + 1;
  const common = new Uint32Array((before.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] as number;
  for (let i = before.length - 1; i >= 0; i -= 1) {
    for (let j = after.length - 1; j >= 0; j -= 1) {
      common[i * width + j] =
        before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const changed: string[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    if (i < before.length && j < after.length && before[i] === after[j]) {
      i += 1;
      j += 1;
    } else if (j < after.length && (i === before.length || at(i, j + 1) > at(i + 1, j))) {
      changed.push(`+ ${after[j++]?.trim()}`);
    } else changed.push(`- ${before[i++]?.trim()}`);
  }
  return changed;
}

function otherDuration(before: number, after: number): boolean {
  const by = Math.abs(after - before);
  return by > SAME_MS && by > before * SAME_SHARE;
}

/** Of one plan: outcome, number of steps, how long, and what the transcript says otherwise. */
export function planDifferences(approved: ApprovedPlan, now: ApprovedPlan): string[] {
  const { id } = approved.runbook;
  const was = approved.rehearsal;
  const is = now.rehearsal;
  const found: string[] = [];
  if (was.outcome !== is.outcome) found.push(`${id}: ended ${was.outcome}, now ${is.outcome}`);
  if (was.steps !== is.steps)
    found.push(`${id}: had ${counted(was.steps, 'step')}, now ${is.steps}`);
  if (otherDuration(was.durationMs, is.durationMs)) {
    found.push(`${id}: took ${duration(was.durationMs)}, now ${duration(is.durationMs)}`);
  }
  const lines = changedLines(comparable(was.transcript), comparable(is.transcript));
  const shown = lines.slice(0, MOST_LINES).map((line) => `${id}: ${line}`);
  if (lines.length > MOST_LINES) shown.push(`${id}: and ${lines.length - MOST_LINES} more lines`);
  return [...found, ...shown];
}

/** What makes an approval void: nobody has approved what would be run now. */
export function staleWhys(
  request: WindowRequest,
  plans: readonly { approved: ApprovedPlan; now: ApprovedPlan }[],
  cards: WindowRequest['clusters'],
): string[] {
  const found = cards.flatMap((card) => {
    const was = request.clusters.find(({ uuid }) => uuid === card.uuid);
    if (!was) return [`cluster ${card.name} is not in the request`];
    return was.topology === card.topology ? [] : [`the topology of ${card.name} is another now`];
  });
  for (const { approved, now } of plans) {
    const { id } = approved.runbook;
    if (approved.runbook.hash !== now.runbook.hash) found.push(`runbook ${id} is another now`);
    const called = new Map(now.called.map((one) => [one.id, one.hash]));
    for (const one of approved.called) {
      if (called.get(one.id) !== one.hash)
        found.push(`runbook ${one.id}, called by ${id}, is another now`);
    }
    if (!sameJson(approved.parameters as JsonObject, now.parameters as JsonObject)) {
      found.push(`the parameters of ${id} are others now`);
    }
    found.push(...otherOrders(approved, now));
  }
  return found;
}

/** A run may give no command but those that were approved. */
function otherOrders(approved: ApprovedPlan, now: ApprovedPlan): string[] {
  const known = ordersOf(approved, 'both');
  return ordersOf(now, 'both')
    .filter((order) => !known.some((one) => fitsOrder(one, order)))
    .map(({ argv, server }) => {
      const on = server === null ? '' : ` on ${server}`;
      return `${approved.runbook.id} would run \`${argv.join(' ')}\`${on}, which nobody approved`;
    });
}

function sameJson(a: JsonObject, b: JsonObject): boolean {
  const ordered = (value: JsonObject) =>
    JSON.stringify(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1)));
  return ordered(a) === ordered(b);
}

export function versionDifferences(
  request: WindowRequest,
  cards: WindowRequest['clusters'],
): string[] {
  return cards.flatMap((card) => {
    const was = request.clusters.find(({ uuid }) => uuid === card.uuid)?.versions ?? {};
    const names = [...new Set([...Object.keys(was), ...Object.keys(card.versions)])].sort();
    return names
      .filter((name) => was[name] !== card.versions[name])
      .map((name) => {
        const [before = 'unknown', after = 'unknown'] = [was[name], card.versions[name]];
        return `${card.name}: ${name} was ${before}, now ${after}`;
      });
  });
}
