import test from 'ava';
import { Pump } from '../../src/sim/pump.ts';
import { SimProcess } from '../../src/sim/sim-process.ts';
import { VirtualClock } from '../../src/sim/virtual-clock.ts';

test('who awaits a call that takes time goes on before time does, also in a quiet process', async (t) => {
  const clock = new VirtualClock(0);
  const pump = new Pump(clock, () => []);
  const scripts = new SimProcess(clock, 's1', 'daemon', true);
  for (const at of [30, 40, 50, 60]) clock.atQuietly(at, () => undefined);
  const ended: number[] = [];
  const twice = async () => {
    for (const takesMs of [20, 20]) {
      await scripts.call(() => undefined, takesMs);
      ended.push(clock.now());
    }
  };
  void twice();
  await pump.advanceTo(100);
  t.deepEqual(ended, [20, 40]);
});
