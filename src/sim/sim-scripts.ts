/**
 * Scripts of a simulated server: each ends with status 0 after a set time, unless a fault was set
 * for it (another status, or a hang until its timeout). What scripts do inside is unknown to the
 * twin; they are listed there as such.
 */
import type { ScriptRunner } from '../ports/scripts.ts';
import type { SimProcess } from './sim-process.ts';

export type ScriptFault = { code: number } | { hangs: true };

export class SimScripts {
  /** How long a script takes. */
  durationMs = 20;
  /** By `server path`; of the path its end is enough, e.g. `exec1/start.sh`. */
  readonly faults = new Map<string, ScriptFault>();
  /** Every script run, in order: `server path`. */
  readonly ran: string[] = [];

  #faultOf(server: string, script: string): ScriptFault | undefined {
    for (const [key, fault] of this.faults) {
      const [where, ...words] = key.split(' ');
      if (where === server && `/${script}`.endsWith(`/${words.join(' ')}`)) return fault;
    }
    return undefined;
  }

  forProcess(process: SimProcess): ScriptRunner {
    let generation = 0;
    return {
      run: (script, _env, timeoutMs) => {
        const mine = generation;
        const fault = this.#faultOf(process.server, script);
        this.ran.push(`${process.server} ${script}`);
        const hangs = fault !== undefined && 'hangs' in fault;
        const takesMs = hangs ? timeoutMs : Math.min(this.durationMs, timeoutMs);
        return process.call(() => {
          const isKilled = generation !== mine;
          if (isKilled || hangs) return { code: null, timedOut: hangs, output: '' };
          return { code: fault?.code ?? 0, timedOut: false, output: '' };
        }, takesMs);
      },
      killAll: () => {
        generation++;
      },
    };
  }
}
