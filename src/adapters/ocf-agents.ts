/**
 * Runs OCF agents of this machine, unmodified: those that `refusal` lets through, in an environment
 * made from nothing, each action in a process group of its own that is killed at its limit. What they
 * keep for as long as the server runs goes below `state`, which is another one after a boot.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { exitReason, OCF_ROOT, ocfEnvironment, ocfLimitMs } from '../core/ocf.ts';
import type { OcfAgents, OcfCall, OcfEnd, OcfSight } from '../ports/ocf.ts';
import { processGroups } from './process-group.ts';
import { tailOf } from './script-runner.ts';

export interface OcfAgentsOptions {
  /** A folder of the server's own, and what tells this boot from others. */
  state: string;
  bootId: string;
  logs: string;
  /** Marks that every process of a server carries, so that a power cut finds it. */
  marks: Record<string, string>;
  /** Why it is not run here; null: it is. */
  refusal(call: OcfCall): string | null;
  /** What was saved before is on disk: that of a start is, before it is run. */
  saved(): Promise<void>;
}

const PATH = '/usr/sbin:/usr/bin:/sbin:/bin';
const META_DATA_MS = 5000;
const LOOK_MS = 5000;
const MOST_BYTES = 1024 * 1024;
const NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;
const VARIABLE = /^[A-Za-z_]\w{0,63}$/;

function notRun(reason: string): OcfEnd {
  return { code: null, timedOut: false, refused: true, reason };
}

/** Why no such program can be called; null: it can. */
function malformed({ provider, agent, instance, parameters }: OcfCall): string | null {
  const name = [provider, agent, instance].find((one) => !NAME.test(one));
  if (name !== undefined) return `${JSON.stringify(name)} is no name`;
  const odd = Object.entries(parameters).find(([key, value]) => {
    return !VARIABLE.test(key) || value.includes('\0');
  });
  return odd ? `${JSON.stringify(odd[0])} is no parameter of an agent` : null;
}

/** Major and minor number, as Linux packs them; null: no block device. */
function numbersOf(device: string): string | null {
  if (!device.startsWith('/')) return null;
  const found = statSync(device, { throwIfNoEntry: false });
  if (!found?.isBlockDevice()) return null;
  const packed = BigInt(found.rdev);
  const major = ((packed >> 8n) & 0xfffn) | ((packed >> 32n) & ~0xfffn);
  const minor = (packed & 0xffn) | ((packed >> 12n) & ~0xffn);
  return `${major}:${minor}`;
}

async function look(at: 'addresses' | 'mounts', device: string): Promise<OcfSight | null> {
  if (at === 'mounts') {
    return { text: readFileSync('/proc/self/mountinfo', 'utf8'), device: numbersOf(device) };
  }
  // Loaded where it is needed: it is large, and few servers look.
  const { execa } = await import('execa');
  const end = await execa('ip', ['-o', 'address'], {
    env: { PATH, LC_ALL: 'C' },
    extendEnv: false,
    shell: false,
    stdin: 'ignore',
    reject: false,
    timeout: LOOK_MS,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_BYTES,
  });
  return end.exitCode === 0 ? { text: String(end.stdout), device: null } : null;
}

export function ocfAgents(options: OcfAgentsOptions): OcfAgents {
  const groups = processGroups();
  const own = join(options.state, options.bootId);
  const folders = {
    HA_RSCTMP: join(own, 'tmp'),
    HA_VARRUN: join(own, 'run'),
    HA_VARLIB: join(own, 'lib'),
    HA_VARLOCK: join(own, 'lock'),
  };
  const metaData = new Map<string, string>();

  /** Only when an agent is wanted: what those of an earlier boot left is gone, as it is in /run. */
  function prepare(): void {
    if (existsSync(own)) return;
    rmSync(options.state, { recursive: true, force: true });
    for (const folder of Object.values(folders)) {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
    }
  }

  async function execute(call: OcfCall, action: string, limitMs: number) {
    const log = join(options.logs, 'ocf', `${call.instance}.${action}`);
    const files = { output: `${log}.out`, errors: `${log}.err` };
    const end = await groups.run({
      file: join(OCF_ROOT, 'resource.d', call.provider, call.agent),
      args: [action],
      env: {
        ...ocfEnvironment(call, limitMs),
        ...folders,
        ...options.marks,
        HA_LOGFACILITY: 'none',
        PATH,
        LC_ALL: 'C',
      },
      cwd: own,
      ...files,
      timeoutMs: limitMs,
    });
    return { ...end, ...files };
  }

  async function limitOf(call: OcfCall, configuredMs: number): Promise<number> {
    const name = `${call.provider}:${call.agent}`;
    let text = metaData.get(name);
    if (text === undefined) {
      const end = await execute(call, 'meta-data', META_DATA_MS);
      text = end.code === 0 ? tailOf(end.output) : '';
      if (text !== '') metaData.set(name, text);
    }
    return ocfLimitMs(text, call.action, configuredMs);
  }

  return {
    async run(call, configuredMs) {
      const why = malformed(call) ?? options.refusal(call);
      if (why !== null) return notRun(why);
      if (!existsSync(join(OCF_ROOT, 'resource.d', call.provider, call.agent))) {
        const reason = `there is no agent ${call.provider}:${call.agent} below ${OCF_ROOT}`;
        return { code: 5, timedOut: false, refused: false, reason };
      }
      prepare();
      await options.saved();
      const end = await execute(call, call.action, await limitOf(call, configuredMs));
      const { code, timedOut } = end;
      const reason = code === 0 ? '' : exitReason(tailOf(end.errors));
      return { code: timedOut ? null : code, timedOut, refused: false, reason };
    },
    look,
    killAll: () => groups.killAll(),
  };
}
