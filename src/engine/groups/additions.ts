/**
 * Resources that a new configuration brought into a group while it runs here (x5 2.28). Where all
 * others of the group are online the new ones are started, once the daemon is not suspended any
 * more; else they stay down, as after clprsc -t. Beside one in an error nothing is added at all: such
 * a configuration is refused (daemon/reload.ts).
 */
import { perObject } from '../../core/per-object.ts';
import { sayIfKnown } from '../messages.ts';
import { groupValue, isBusy, isHere, resourceState } from '../queries.ts';
import type { DaemonState } from '../state.ts';
import { setResource, type Turn, tell } from '../turn.ts';

/** Groups with resources that are not looked at yet. */
const extendedIn = perObject((groups: DaemonState['groups']) =>
  Object.keys(groups).filter((group) =>
    Object.values(groups[group]!.resources).some(({ added }) => added),
  ),
);

/** After every event. */
export function startAdded(turn: Turn): void {
  if (turn.state.phase !== 'online' || turn.state.stopping) return;
  for (const group of extendedIn(turn.state.groups)) {
    if (isBusy(turn.state, group)) continue;
    const { resources } = turn.state.groups[group]!;
    const added = Object.keys(resources).filter((name) => resources[name]!.added);
    const run = turn.state.groups[group]!;
    const isWhole = Object.values(resources).every(
      (one) => one.added || resourceState(one) === 'Online',
    );
    for (const name of added) setResource(turn, group, name, { added: false });
    const isFit = groupValue(run) === 'online' && isWhole;
    if (!isFit && !isHere(run)) continue;
    for (const name of added) {
      if (isFit) sayIfKnown(turn, 'addedStarting', name);
      else sayIfKnown(turn, 'addedNotStarted', turn.state.server, name);
    }
    if (isFit) tell(turn, { type: 'start.wanted', group, about: { only: added, adds: true } });
  }
}
