/** Facts between the concerns of one daemon: each told once is heard once, in the written order. */
import test from 'ava';
import { peerMachine } from '../../machines/peer.machine.ts';
import { moveChart } from '../../src/core/chart.ts';
import { claimOrphans } from '../../src/engine/groups/takeover.ts';
import { hearAll } from '../../src/engine/hearing.ts';
import type { Peer } from '../../src/engine/state.ts';
import { beginTurn, setGroup, type Turn, tell } from '../../src/engine/turn.ts';
import { twoServers } from './config.ts';
import { Cluster } from './harness.ts';

/** server1's daemon, online beside server2, with both groups at home here. */
function turnOn(name: string): Turn {
  const cluster = new Cluster(twoServers());
  for (const server of Object.keys(cluster.boxes)) cluster.up(server);
  cluster.advance(2000);
  return beginTurn(cluster.boxes[name]!.daemon!, cluster.now);
}

function gone(peer: Peer): Peer['chart'] {
  return moveChart(peerMachine, peer.chart, { type: 'peer.lost' }).chart;
}

function said(turn: Turn): string[] {
  return turn.effects.flatMap((effect) => (effect.type === 'log' ? [effect.text] : []));
}

test('a group that two want started within one event is started once', (t) => {
  const turn = turnOn('server2');
  const wanted = { type: 'start.wanted', group: 'failover2', about: {} } as const;
  tell(turn, wanted);
  tell(turn, wanted);
  hearAll(turn);
  t.deepEqual(said(turn), [
    'The start processing of a group failover2 started.',
    'The start processing of a resource fip2 started.',
  ]);
  t.deepEqual(turn.told, []);
});

test('what follows from one fact is heard before the next one', (t) => {
  const turn = turnOn('server1');
  for (const group of ['failover2', 'failover1']) {
    tell(turn, { type: 'stop.wanted', group, about: {} });
  }
  hearAll(turn);
  const groups = said(turn).map((text) => text.replace(/.*processing of a (.*) started\./, '$1'));
  t.deepEqual(groups, ['group failover2', 'resource exec2', 'group failover1', 'resource exec1']);
});

test('whoever ends a task hears it before whoever begins the next one', (t) => {
  const turn = turnOn('server1');
  const { monitors, config } = turn.state;
  const monitor = Object.keys(monitors)[0]!;
  const about = { kind: 'restart', recoveryOf: monitor } as const;
  tell(turn, { type: 'stop.wanted', group: 'failover2', about });
  tell(turn, { type: 'stop.wanted', group: 'failover2', about: {} });
  hearAll(turn);
  t.is(config.monitors[0]!.name, monitor);
  t.deepEqual(said(turn).slice(2), [
    `Restart of failover2 by the failure in ${monitor} was not completed.`,
    'The stop processing of a group failover2 started.',
  ]);
});

test('an orphan that two lost servers left behind is claimed once', (t) => {
  const turn = turnOn('server2');
  const peer = turn.state.peers.server1!;
  const orphans = { server1: ['failover2'], other: ['failover2'] };
  const reported = { ...peer.reported!, groups: {} };
  const lost = { ...peer, chart: gone(peer), reported };
  const peers = { server1: lost, other: { ...lost, name: 'other' } };
  turn.state = { ...turn.state, peers, orphans };
  claimOrphans(turn);
  hearAll(turn);
  claimOrphans(turn);
  t.is(said(turn).filter((text) => text.includes('group failover2 started')).length, 1);
  t.deepEqual(turn.state.orphans, { server1: [], other: [] });
});

test('a group that an operator holds is nobody’s orphan', (t) => {
  const turn = turnOn('server2');
  const peer = turn.state.peers.server1!;
  const lost = { ...peer, chart: gone(peer), reported: null };
  const orphans = { server1: ['failover2'] };
  turn.state = { ...turn.state, peers: { server1: lost }, orphans };
  setGroup(turn, 'failover2', { held: true });
  claimOrphans(turn);
  t.deepEqual(turn.told, []);
  t.deepEqual(turn.state.orphans, { server1: [] });
});
