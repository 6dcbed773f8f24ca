/**
 * Moves the charts of a group and of its resources, and carries out what they order. A group
 * orders one resource at a time; a resource orders attempts (activation.ts); what follows the end
 * of a group's start or stop is decided in tasks.ts.
 */
import { type GroupEvent, groupMachine } from '../../machines/group.machine.ts';
import { type ResourceEvent, resourceMachine } from '../../machines/resource.machine.ts';
import { moveChart } from '../core/chart.ts';
import { attempt } from './activation.ts';
import { say } from './messages.ts';
import type { Turn } from './state.ts';
import { onStarted, onStartFailed, onStopFailed, onStopped } from './tasks.ts';
import { setGroup, setResource } from './turn.ts';

interface Told {
  resource: string;
  code: number;
  text: string;
}

function carryOutGroup(turn: Turn, group: string, effect: string, told: Told): void {
  switch (effect) {
    case 'startResource':
      say(turn, 'resourceStarting', told.resource);
      moveResource(turn, group, told.resource, { type: 'start.ordered' });
      return;
    case 'stopResource':
      say(turn, 'resourceStopping', told.resource);
      moveResource(turn, group, told.resource, { type: 'stop.ordered' });
      return;
    case 'reportStarted':
      onStarted(turn, group);
      return;
    case 'reportStartFailed':
      onStartFailed(turn, group, told.resource);
      return;
    case 'reportStopped':
      onStopped(turn, group);
      return;
    case 'reportStopFailed':
      onStopFailed(turn, group, told.resource);
      return;
  }
}

export function moveGroup(turn: Turn, group: string, event: GroupEvent): void {
  const move = moveChart(groupMachine, turn.state.groups[group]!.chart, event);
  setGroup(turn, group, { chart: move.chart });
  for (const effect of move.effects) carryOutGroup(turn, group, effect.type, effect.params as Told);
}

function carryOutResource(
  turn: Turn,
  group: string,
  name: string,
  effect: string,
  told: Told,
): void {
  switch (effect) {
    case 'activate':
    case 'deactivate':
      attempt(turn, group, name, effect);
      return;
    case 'reportOnline':
      say(turn, 'resourceStarted', name);
      moveGroup(turn, group, { type: 'resource.started' });
      return;
    case 'reportOffline':
      say(turn, 'resourceStopped', name);
      moveGroup(turn, group, { type: 'resource.stopped' });
      return;
    case 'reportFailed':
      say(turn, 'resourceStartFailed', name, told.code, told.text);
      moveGroup(turn, group, { type: 'resource.failed' });
      return;
    case 'reportStuck':
      say(turn, 'resourceStopFailed', name, told.code, told.text);
      moveGroup(turn, group, { type: 'resource.stuck' });
      return;
  }
}

export function moveResource(turn: Turn, group: string, name: string, event: ResourceEvent): void {
  const move = moveChart(resourceMachine, turn.state.groups[group]!.resources[name]!.chart, event);
  setResource(turn, group, name, { chart: move.chart });
  for (const effect of move.effects) {
    carryOutResource(turn, group, name, effect.type, effect.params as Told);
  }
}
