/** The program of the switch: all cables of one lab. Says where it listens to who started it. */
import { systemClock } from '../adapters/system-clock.ts';
import { labFolderOfProcess, openSurroundings } from './environment.ts';
import { Switch } from './switch.ts';

const { lab, key } = openSurroundings(labFolderOfProcess());
const hub = new Switch({ key, lans: lab.lans, clock: systemClock() });
process.send?.({ ready: await hub.listen() });
process.disconnect?.();
