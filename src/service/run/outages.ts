/**
 * How long each group is down while something is rehearsed, as seen at each look of the runner: from
 * the look that shows it down to the one that shows it up again.
 */
import type { Clock } from '../../ports/clock.ts';
import type { RunnerDoor } from '../../runbook/run/context.ts';
import type { Status } from '../../schema/generated/status.ts';

export interface Outage {
  group: string;
  ms: number;
  /** It was down at the last look, too. */
  isDown: boolean;
}

export interface OutageMeter {
  /** The same door, whose every status is noted. */
  watched(door: RunnerDoor, clock: Clock): RunnerDoor;
  /** Of groups that were down for any time. */
  outages(): Outage[];
}

export function outageMeter(): OutageMeter {
  const down = new Map<string, { ms: number; since: number | null }>();
  let last: number | null = null;

  function note({ groups }: Status, now: number): void {
    for (const { name, state } of Object.values(groups)) {
      const one = down.get(name) ?? { ms: 0, since: null };
      down.set(name, one);
      if (one.since !== null) one.ms += now - (last ?? now);
      one.since = state === 'started' ? null : (one.since ?? now);
    }
    last = now;
  }

  return {
    watched: (door, clock) => ({
      ...door,
      observation: {
        ...door.observation,
        status: async () => {
          const seen = await door.observation.status();
          note(seen, clock.now());
          return seen;
        },
      },
    }),
    outages: () =>
      [...down].flatMap(([group, { ms, since }]) =>
        ms > 0 || since !== null ? [{ group, ms: Math.round(ms), isDown: since !== null }] : [],
      ),
  };
}
