/** The types of monitors that the daemon runs: whoever adds one adds its file, and its name here. */
import { fipw } from './fipw.ts';
import { genw } from './genw.ts';
import { ipw } from './ipw.ts';
import { mdnw } from './mdnw.ts';
import { mdw } from './mdw.ts';
import { pidw } from './pidw.ts';
import type { MonitorType } from './type.ts';
import { userw } from './userw.ts';

const types = { userw, mdw, mdnw, fipw, ipw, pidw, genw };

export const monitorTypes = new Map<string, MonitorType>(Object.entries(types));
