/** What a difference recovery sends over the mirror disk connect, against what differs. */
import type { Lab } from '../src/lab/lab.ts';
import type { Benchmark } from './figures.ts';
import { until, withLab } from './lab.ts';

const MIB = 1024 * 1024;

async function carried(lab: Lab): Promise<number> {
  const { carried: counts } = await lab.cables();
  return counts
    .filter(({ net, from }) => net === 'mdc400' && from === 'server1')
    .reduce((sum, { bytes }) => sum + bytes, 0);
}

export const recovery: Benchmark = {
  name: 'recovery',
  run: (say) =>
    withLab({ fixture: 'v3le', autoRecovery: false, dataBytes: 256 * MIB }, async (lab) => {
      const cable = { net: 'mdc400', from: 'server1', to: 'server2' };
      await lab.fault({ kind: 'cut', ...cable });
      await lab.io.write('md1', { blocks: 8192, perWrite: 64 });
      await lab.fault({ kind: 'heal', ...cable });
      const broken = await until(lab, 'the mirror is connected again', (status) =>
        Boolean(status.mirrors.md1?.servers.server1?.connected),
      );
      const dirty = broken.mirrors.md1?.servers.server1?.dirtyBytes ?? 0;
      const before = await carried(lab);
      const from = performance.now();
      await lab.exec('server1', ['clpmdctrl', '--recovery', 'md1']);
      await until(lab, 'recovered', (status) => status.mirrors.md1?.state === 'Normal');
      const seconds = (performance.now() - from) / 1000;
      const sent = (await carried(lab)) - before;
      say(`${dirty} bytes differ, ${sent} were sent in ${seconds.toFixed(2)} s`);
      return [
        {
          name: 'difference recovery: bytes sent for each byte that differs',
          value: sent / dirty,
          unit: 'x',
          goal: 1.02,
          peer: null,
          note: `counted at the cable, headers and heartbeats included; ${dirty / MIB} MiB of 256 MiB`,
        },
      ];
    }),
};
