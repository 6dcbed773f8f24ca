/**
 * Resources that a new configuration brought into a group while it runs here (x5 2.28). Where all
 * others of the group are online the new ones are started, once the daemon is not suspended any
 * more; else they stay down, as after clprsc -t. Beside one in an error nothing is added at all: such
 * a configuration is refused (daemon/reload.ts).
 */
import { groupValue, isBusy, resourceState } from '../queries.ts';
import { setResource, type Turn, tell } from '../turn.ts';

/** After every event. */
export function startAdded(turn: Turn): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  for (const [group, { resources }] of Object.entries(turn.state.groups)) {
    const added = Object.keys(resources).filter((name) => resources[name]!.added);
    if (added.length === 0 || isBusy(turn.state, group)) continue;
    const run = turn.state.groups[group]!;
    const isWhole = Object.values(resources).every(
      (one) => one.added || resourceState(one) === 'Online',
    );
    for (const name of added) setResource(turn, group, name, { added: false });
    if (groupValue(run) !== 'online' || !isWhole) continue;
    tell(turn, { type: 'start.wanted', group, about: { only: added } });
  }
}
