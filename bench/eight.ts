/**
 * A lab of eight servers with a group on each: from nothing to every group online, and from the
 * power cut of one server to its group online on the next.
 */
import type { Status } from '../src/schema/generated/status-1.ts';
import { eightServers } from '../test/support/eight.ts';
import { type Benchmark, type Figure, timed } from './figures.ts';
import { until, withLab } from './lab.ts';

const TIMEOUT_MS = 5_000;
const GROUPS = 8;

const runsOn = ({ groups }: Status, group: string, server: string): boolean =>
  groups[group]?.state === 'Online' && groups[group].activeOn?.join() === server;

const isUp = (status: Status): boolean =>
  Array.from({ length: GROUPS }, (_, at) => at + 1).every((number) =>
    runsOn(status, `failover${number}`, `server${number}`),
  );

export const eight: Benchmark = {
  name: 'eight',
  run: async (say) => {
    const from = performance.now();
    return withLab({ configText: eightServers(TIMEOUT_MS) }, async (lab) => {
      await until(lab, 'every group is online', isUp);
      const upMs = performance.now() - from;
      say(`up in ${(upMs / 1000).toFixed(1)} s`);
      const overMs = await timed(async () => {
        await lab.fault({ kind: 'kill', server: 'server3' });
        await until(lab, 'server4 runs it', (status) => runsOn(status, 'failover3', 'server4'));
      });
      const figure = (name: string, value: number, note: string): Figure => {
        return {
          name: `lab of eight servers: ${name}`,
          value,
          unit: 's',
          goal: null,
          peer: null,
          note,
        };
      };
      return [
        figure('up, eight groups online', upMs / 1000, 'a hundred processes started'),
        figure('failover', overMs / 1000, `heartbeat timeout ${TIMEOUT_MS / 1000} s included`),
      ];
    });
  },
};
