/** The server that a group goes to from here, and what x5 says of why that one (rc 64 to 69). */
import { sayIfKnown } from './messages.ts';
import { nextServer, rivalsOf, serverGroupOf } from './placement.ts';
import { groupConfig } from './queries.ts';
import type { Turn } from './turn.ts';

function sayNone(turn: Turn, group: string): void {
  const config = groupConfig(turn.state, group);
  if (config.failoverPolicy === 'serverGroupOnly') {
    const own = serverGroupOf(turn.state, config, turn.state.server) ?? '';
    sayIfKnown(turn, 'noneInServerGroup', group, own);
  } else if (rivalsOf(turn.state.config, config).size > 0) {
    sayIfKnown(turn, 'noDestination', group, 'exclusion');
  }
}

/** `target`: this server, or the one it is handed to. */
export function sayWhere(turn: Turn, group: string, target: string): void {
  const config = groupConfig(turn.state, group);
  const { home } = turn.state.groups[group]!;
  if (home === null) return;
  if (config.failoverPolicy === 'dynamic') {
    sayIfKnown(turn, 'destinationSet', target, group, 'dynamic failover');
  } else if (config.failoverPolicy !== undefined) {
    const own = serverGroupOf(turn.state, config, home);
    const isNear = serverGroupOf(turn.state, config, target) === own;
    sayIfKnown(turn, isNear ? 'sameServerGroup' : 'otherServerGroup', target, own ?? '', group);
  }
}

/** Null: no server can run it now. A group without a policy or exclusion goes without words. */
export function chooseNext(turn: Turn, group: string): string | null {
  const target = nextServer(turn.state, group);
  if (target === null) sayNone(turn, group);
  else sayWhere(turn, group, target);
  return target;
}
