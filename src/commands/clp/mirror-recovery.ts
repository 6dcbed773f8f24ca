/**
 * Which copy goes over which. The newer is never overwritten unless the operator named the copy
 * that dies; what is not known counts as newer.
 *
 *   --recovery   GREEN → RED, by the copies' own word that they are the latest; RED and RED, or a
 *                copy that cannot be seen, is refused with the way out
 *   --force      SERVER's copy becomes the latest, the other one dies: said before it asks
 */
import { actsDone } from '../data.ts';
import { done, type Report } from '../environment.ts';
import { answerTo } from './asking.ts';
import { type Context, refused, request, SUCCEEDED, serverNamed } from './context.ts';
import { bothCopies, copyOf, type Pair, pairOf, peerOf } from './mirror.ts';

const START_TIMEOUT_MS = 30_000;

interface Direction {
  from: string;
  to: string;
}

function directionOf(pair: Pair): Direction {
  const copies = Object.entries(pair.copies);
  const unseen = copies.find(([, { state }]) => state === null);
  if (unseen !== undefined) {
    const why = unseen[1].observed.unknown ?? 'its copy is GRAY';
    const remedy = 'it may be the newer one; start its mirror agent, or use --force';
    throw refused(`the copy of ${pair.name} on ${unseen[0]} cannot be seen: ${why}`, remedy);
  }
  const sources = copies.filter(([, copy]) => copy.state === 'upToDate' && copy.newest !== false);
  const targets = copies.filter(([, copy]) => copy.state === 'outdated');
  const [source] = sources;
  const [target] = targets;
  if (sources.length === 1 && targets.length === 1 && source && target) {
    return { from: source[0], to: target[0] };
  }
  const remedy = `find out which, then: clp${pair.kind}ctrl --force SERVER ${pair.name}`;
  throw refused(`it cannot be proved which copy of ${pair.name} is the latest`, remedy);
}

export async function recover(context: Context, name: string): Promise<Report> {
  const pair = await pairOf(context, name);
  if (pair.state === 'inSync')
    return done(`${name} is Normal; there is nothing to recover.\n`, actsDone());
  if (pair.state === 'syncing') return done(`${name} is being recovered already.\n`, actsDone());
  if (pair.state === 'unbuilt') {
    throw refused(
      `${name} was never constructed`,
      `first: clp${pair.kind}init --create normal ${name}`,
    );
  }
  const { from, to } = directionOf(pair);
  const isHeld = pair.copies[from]?.autoRecoveryHeld === true;
  if (isHeld) await confirmLoss(context, pair, from, to);
  const body = { do: 'recover', mirror: name, full: isHeld } as const;
  await request(context.env, from, 'agent', body, START_TIMEOUT_MS);
  return done(SUCCEEDED, actsDone({ act: 'recovery', kind: 'mirror', name, server: from, to }));
}

/** Prints both copies, names the one that dies, and wants a plain `y`. */
async function confirmLoss(
  { env }: Context,
  pair: Pair,
  latest: string,
  victim: string,
): Promise<void> {
  env.progress(bothCopies(pair));
  env.progress(`${latest} becomes the latest; the copy of ${pair.name} on ${victim} dies.\n`);
  const prompt = `Give up the copy of ${pair.name} on ${victim}? (y/n): `;
  if ((await answerTo(env, prompt)) === 'y') return;
  throw refused(`the copy on ${victim} was not given up; nothing was done`);
}

/** `keep`: file of the victim's server for its blocks that differ. */
export async function force(
  context: Context,
  name: string,
  given: string,
  keep: string | null = null,
): Promise<Report> {
  const latest = serverNamed(context, given);
  const pair = await pairOf(context, name);
  const victim = peerOf(pair, latest);
  const copy = copyOf(pair, latest);
  if (pair.state === 'inSync') throw refused(`${name} is Normal; there is nothing to force`);
  if (pair.state === 'syncing') {
    throw refused(
      `${name} is being recovered`,
      `cancel it first: clp${pair.kind}ctrl --cancel ${name}`,
    );
  }
  if (copy.state === null) {
    const why = copy.observed.unknown ?? 'its copy is GRAY';
    throw refused(`the copy of ${name} on ${latest} cannot be seen: ${why}`);
  }
  if (copyOf(pair, victim).role === 'primary') {
    throw refused(`${name} is active on ${victim}, whose copy would die`, 'stop its group first');
  }
  await confirmLoss(context, pair, latest, victim);
  const stored = keep === null ? {} : { keep };
  const body = { do: 'force', mirror: name, latest, victim, ...stored } as const;
  await request(context.env, latest, 'agent', body, START_TIMEOUT_MS);
  const act = { act: 'force', kind: 'mirror', name, server: latest, to: victim } as const;
  return done(SUCCEEDED, actsDone(act));
}
