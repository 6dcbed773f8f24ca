/** No false failover while both cores are busy: SOAK_MINUTES (60 unless told), timeout 1 s. */

import { execa } from 'execa';
import { expressClusterView as viewOf } from '../src/runbook/language/expressions/expresscluster.ts';
import type { Benchmark } from './figures.ts';
import { quick, withLab } from './lab.ts';

const BUSY = 'for (;;) { let n = 0; for (let i = 0; i < 1e8; i += 1) n += Math.sqrt(i); }';

export const soak: Benchmark = {
  name: 'soak',
  run: (say) =>
    withLab({ fixture: 'x5mirror', change: quick }, async (lab) => {
      const minutes = Number(process.env.SOAK_MINUTES ?? 60);
      const bootsOf = async () =>
        Object.values(viewOf(await lab.status()).servers).map(
          ({ name, bootId }) => `${name} ${bootId}`,
        );
      const before = await bootsOf();
      const busy = [0, 1].map(() => execa(process.execPath, ['-e', BUSY], { reject: false }));
      let looks = 0;
      let wrong = 0;
      try {
        const end = performance.now() + minutes * 60_000;
        while (performance.now() < end) {
          await new Promise((resolve) => setTimeout(resolve, 1000));
          const status = viewOf(await lab.status());
          looks += 1;
          const lost = Object.values(status.servers).some(({ heartbeats }) =>
            Object.values(heartbeats).some((beats) =>
              Object.values(beats).every((is) => is === 'Error'),
            ),
          );
          if (lost || status.groups.failover1?.current === 'server2') wrong += 1;
          if (looks % 300 === 0) say(`${looks} looks, ${wrong} with a false failover`);
        }
      } finally {
        for (const child of busy) child.kill('SIGKILL');
        await Promise.all(busy);
      }
      const after = await bootsOf();
      const reboots = after.filter((boot, index) => boot !== before[index]).length;
      return [
        {
          name: `false failovers and resets in ${minutes} min with both cores busy`,
          value: wrong + reboots,
          unit: '',
          goal: 0,
          peer: null,
          note: `heartbeat timeout 1 s, ${looks} looks`,
        },
      ];
    }),
};
