/**
 * The shortest history that still shows a fault of the same kind: lines are taken out in ever
 * smaller pieces (delta debugging, Zeller), then pauses and the cluster itself are made smaller.
 */
import { type History, playHistory } from './play.ts';
import { headOf, type World, worldFrom } from './worlds.ts';

/** What makes two violations the same: their words without names, numbers and places. */
export function kindOf(violation: string): string {
  return violation
    .replace(/^after '.*?': /, '')
    .replaceAll(/\d+/g, '#')
    .replace(/:.*/s, '')
    .trim();
}

export interface Shrinking {
  history: History;
  /** How many histories were played for it. */
  played: number;
}

function smallerWorlds(world: World): World[] {
  return [
    { ...world, servers: 2 },
    { ...world, servers: world.servers - 1 },
    { ...world, groups: 1 },
    { ...world, mirrors: 0 },
    { ...world, latencyMs: 0.2 },
    { ...world, scriptMs: 20 },
    { ...world, powerLoss: 'drop' as const },
    { ...world, autoRecovery: true },
  ].filter((other) => other.servers >= 2 && headOf(other) !== headOf(world));
}

export async function shrink(history: History, kind: string, most = 400): Promise<Shrinking> {
  let played = 0;
  const shows = async (lines: string[]): Promise<boolean> => {
    if (played >= most) return false;
    played++;
    const { violation } = await playHistory({ lines });
    return violation !== null && kindOf(violation) === kind;
  };
  let [head = '', ...moves] = history.lines;
  for (let piece = Math.ceil(moves.length / 2); piece >= 1; piece = Math.floor(piece / 2)) {
    for (let at = 1; at < moves.length; ) {
      const fewer = [...moves.slice(0, at), ...moves.slice(at + piece)];
      if (await shows([head, ...fewer])) moves = fewer;
      else at += piece;
    }
  }
  for (const world of smallerWorlds(worldFrom(head))) {
    const smaller = headOf({ ...worldFrom(head), ...difference(worldFrom(head), world) });
    if (await shows([smaller, ...moves])) head = smaller;
  }
  return { history: { lines: [head, ...moves] }, played };
}

/** What one of the smaller worlds changes. */
function difference(from: World, to: World): Partial<World> {
  const changed = Object.entries(to).filter(([key, value]) => from[key as keyof World] !== value);
  return Object.fromEntries(changed) as Partial<World>;
}
