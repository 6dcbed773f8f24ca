/** The types of monitors that the daemon runs: whoever adds one adds its file, and its name here. */
import { byAgent } from './by-agent.ts';
import { ddnsw } from './ddnsw.ts';
import { diskw } from './diskw.ts';
import { fipw } from './fipw.ts';
import { genw } from './genw.ts';
import { hdnw } from './hdnw.ts';
import { hdw } from './hdw.ts';
import { ipw } from './ipw.ts';
import { mdnw } from './mdnw.ts';
import { mdw } from './mdw.ts';
import { miiw } from './miiw.ts';
import { mtw } from './mtw.ts';
import { ocfw } from './ocfw.ts';
import { pidw } from './pidw.ts';
import { psw } from './psw.ts';
import { raww } from './raww.ts';
import type { MonitorType } from './type.ts';
import { userw } from './userw.ts';
import { volmgrw } from './volmgrw.ts';
import { vxdw } from './vxdw.ts';
import { vxvolw } from './vxvolw.ts';

const addresses = { fipw, vipw: fipw, ipw, ddnsw, miiw };
const devices = { diskw, raww, volmgrw, vxdw, vxvolw };
const types = { userw, mdw, mdnw, hdw, hdnw, ...addresses, ...devices, pidw, psw, genw, mtw, ocfw };

export const monitorTypes = new Map<string, MonitorType>(Object.entries(types));

export function monitorTypeOf(type: string): MonitorType {
  return monitorTypes.get(type) ?? byAgent;
}
