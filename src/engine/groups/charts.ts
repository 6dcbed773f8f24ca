/**
 * Moves the charts of a group and of its resources, and carries out what they order. A group
 * orders one resource at a time; a resource orders attempts. What follows the end of a group's
 * start or stop is decided by whoever hears of it.
 */
import { type GroupEvent, groupMachine } from '../../../machines/group.machine.ts';
import { type ResourceEvent, resourceMachine } from '../../../machines/resource.machine.ts';
import { moveChart } from '../../core/chart.ts';
import type { FactOf } from '../facts.ts';
import { say, sayIfKnown } from '../messages.ts';
import { setGroup, setResource, type Turn, tell } from '../turn.ts';

interface Reported {
  resource: string;
  code: number;
  text: string;
}

function carryOutGroup(turn: Turn, group: string, effect: string, reported: Reported): void {
  switch (effect) {
    case 'startResource':
      say(turn, 'resourceStarting', reported.resource);
      moveResource(turn, group, reported.resource, { type: 'start.ordered' });
      return;
    case 'stopResource':
      say(turn, 'resourceStopping', reported.resource);
      moveResource(turn, group, reported.resource, { type: 'stop.ordered' });
      return;
    case 'reportStarted':
      tell(turn, { type: 'group.started', group });
      return;
    case 'reportStartFailed':
      tell(turn, { type: 'group.startFailed', group, resource: reported.resource });
      return;
    case 'reportStopped':
      tell(turn, { type: 'group.stopped', group, ran: true });
      return;
    case 'reportStopFailed':
      tell(turn, { type: 'group.stopFailed', group, resource: reported.resource });
      return;
  }
}

function moveGroup(turn: Turn, group: string, event: GroupEvent): void {
  const move = moveChart(groupMachine, turn.state.groups[group]!.chart, event);
  setGroup(turn, group, { chart: move.chart });
  for (const effect of move.effects)
    carryOutGroup(turn, group, effect.type, effect.params as Reported);
}

function carryOutResource(
  turn: Turn,
  group: string,
  name: string,
  { effect, isAgain }: { effect: string; isAgain: boolean },
  reported: Reported,
): void {
  switch (effect) {
    case 'activate':
    case 'deactivate':
      if (isAgain) {
        const key = effect === 'activate' ? 'resourceTriedAgain' : 'resourceStopTriedAgain';
        sayIfKnown(turn, key, name, name);
      }
      tell(turn, { type: 'attempt.ordered', group, resource: name, op: effect });
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
      say(turn, 'resourceStartFailed', name, reported.code, reported.text);
      moveGroup(turn, group, { type: 'resource.failed' });
      return;
    case 'reportStuck':
      say(turn, 'resourceStopFailed', name, reported.code, reported.text);
      moveGroup(turn, group, { type: 'resource.stuck' });
      return;
  }
}

function moveResource(turn: Turn, group: string, name: string, event: ResourceEvent): void {
  const move = moveChart(resourceMachine, turn.state.groups[group]!.resources[name]!.chart, event);
  setResource(turn, group, name, { chart: move.chart });
  for (const effect of move.effects) {
    const isAgain = event.type === 'attempt.failed';
    const what = { effect: effect.type, isAgain };
    carryOutResource(turn, group, name, what, effect.params as Reported);
  }
}

export function startResources(turn: Turn, fact: FactOf<'resources.startOrdered'>): void {
  moveGroup(turn, fact.group, { type: 'start.ordered', queue: fact.queue });
}

export function stopResources(turn: Turn, fact: FactOf<'resources.stopOrdered'>): void {
  const { group, queue, remains } = fact;
  moveGroup(turn, group, { type: 'stop.ordered', queue, remains });
}

export function onAttemptResult(turn: Turn, fact: FactOf<'attempt.ended'>): void {
  moveResource(turn, fact.group, fact.resource, fact.result);
}
