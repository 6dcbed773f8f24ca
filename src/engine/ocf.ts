/**
 * What is known of OCF agents beyond their contract: what each has to be given, and how it is seen,
 * apart from what it says itself, whether what it holds is here. Two hold an address or data, and
 * say less than the truth about it; the others are believed. (`provider`, `agent` and `reskey` as
 * names of a resource's parameters are our choice.)
 */
import type { OcfCall, OcfSight } from '../ports/ocf.ts';
import type { ConfiguredResource } from '../schema/generated/cluster-configuration.ts';
import type { End, Work } from './work.ts';

/** OCF_RESKEY_*, without that prefix. */
export type OcfParameters = Record<string, string>;

/** What is kept of a start for as long as what was started may run. */
export interface OcfStart {
  parameters: OcfParameters;
  /** It ended well; else half of it may be there. */
  isWhole: boolean;
}

const PREFIX = 'reskey/';

function withoutPrefix([path, value]: [string, unknown]): [string, string][] {
  return path.startsWith(PREFIX) ? [[path.slice(PREFIX.length), String(value)]] : [];
}

interface Special {
  /** Parameters without which it holds something else than was meant. */
  needs: string[];
  /** What it is always given. */
  always: OcfParameters;
  at: 'addresses' | 'mounts';
  device(parameters: OcfParameters): string;
  /** What stands in the way of a start; null: nothing. */
  stranger(sight: OcfSight, parameters: OcfParameters): string | null;
  /** What is wrong after a start; null: nothing. */
  wrong(sight: OcfSight, parameters: OcfParameters): string | null;
  /** What is still here after a stop; null: nothing. */
  left(sight: OcfSight, parameters: OcfParameters): string | null;
  checkLevel(parameters: OcfParameters): number | null;
}

/** Lines of `ip -o address` with that address, whatever its prefix and interface. */
function heldAddress({ text }: OcfSight, { ip = '' }: OcfParameters): string | null {
  const line = text.split('\n').find((one) => one.includes(` ${ip}/`));
  return line?.replace(/\s+/g, ' ').trim().slice(0, 100) ?? null;
}

interface Mounted {
  /** `8:1` */
  device: string;
  point: string;
  source: string;
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

/** Of /proc/self/mountinfo: `36 35 8:1 / /mnt rw,… … - ext4 /dev/sda1 rw`. */
export function mountsIn(text: string): Mounted[] {
  return text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device, , point] = before.split(' ');
    const [, source] = after.split(' ');
    if (device === undefined || point === undefined || source === undefined) return [];
    return [{ device, point: unescaped(point), source: unescaped(source) }];
  });
}

function pointOf({ directory = '' }: OcfParameters): string {
  return directory.replace(/(?<=.)\/+$/, '');
}

/** By the numbers of the device where it has some, else by what it is called. */
function isMountOf(mount: Mounted, sight: OcfSight, { device = '' }: OcfParameters): boolean {
  return sight.device === null ? mount.source === device : mount.device === sight.device;
}

function onPoint({ text }: OcfSight, parameters: OcfParameters): Mounted | undefined {
  // The last one mounted there hides the others.
  return mountsIn(text).findLast(({ point }) => point === pointOf(parameters));
}

function words({ source, point }: Mounted): string {
  return `${source} on ${point}`;
}

const address: Special = {
  needs: ['ip', 'nic', 'cidr_netmask'],
  always: { run_arping: 'true' },
  at: 'addresses',
  device: () => '',
  stranger: heldAddress,
  wrong: (sight, parameters) => {
    return heldAddress(sight, parameters) === null ? `no address ${parameters.ip}` : null;
  },
  left: heldAddress,
  checkLevel: () => null,
};

/** Reads what it wrote: only this sees that a file system became read-only. */
const WRITES = 20;

const fileSystem: Special = {
  needs: ['device', 'directory'],
  always: {},
  at: 'mounts',
  device: ({ device = '' }) => device,
  stranger: (sight, parameters) => {
    const there = onPoint(sight, parameters);
    return there && !isMountOf(there, sight, parameters) ? words(there) : null;
  },
  wrong: (sight, parameters) => {
    const there = onPoint(sight, parameters);
    if (!there) return `nothing on ${pointOf(parameters)}`;
    return isMountOf(there, sight, parameters) ? null : words(there);
  },
  left: (sight, parameters) => {
    // A device that is gone has no numbers: then it is not known what of it is still mounted.
    const isGone = sight.device === null && parameters.device?.startsWith('/');
    if (isGone) return `no device ${parameters.device} to look for`;
    const still = mountsIn(sight.text).find((mount) => isMountOf(mount, sight, parameters));
    return still ? words(still) : null;
  },
  checkLevel: ({ options = '' }) => (options.split(',').includes('ro') ? null : WRITES),
};

const specials = new Map<string, Special>([
  ['heartbeat:IPaddr2', address],
  ['heartbeat:Filesystem', fileSystem],
]);

export function agentOf({ parameters }: ConfiguredResource): string {
  return `${parameters.provider}:${parameters.agent}`;
}

export function specialOf(resource: ConfiguredResource): Special | null {
  return specials.get(agentOf(resource)) ?? null;
}

/** What its agent is given, as configured now. */
export function ocfParameters(resource: ConfiguredResource): OcfParameters {
  const own = Object.fromEntries(Object.entries(resource.parameters).flatMap(withoutPrefix));
  return { ...own, ...specialOf(resource)?.always };
}

/** A parameter that its agent cannot do without and is not given; null: none. */
export function lackOf(resource: ConfiguredResource): string | null {
  const given = ocfParameters(resource);
  return specialOf(resource)?.needs.find((name) => !given[name]) ?? null;
}

export function ocfWork(
  resource: ConfiguredResource,
  action: OcfCall['action'],
  parameters: OcfParameters,
  limitMs: number,
  intervalMs = 0,
): Extract<Work, { by: 'ocf' }> {
  const { provider, agent } = resource.parameters;
  const isRecurring = action === 'monitor' && intervalMs > 0;
  const checkLevel = isRecurring ? (specialOf(resource)?.checkLevel(parameters) ?? null) : null;
  const call: OcfCall = {
    provider: String(provider),
    agent: String(agent),
    action,
    instance: resource.name,
    parameters,
    intervalMs,
    checkLevel,
  };
  return { by: 'ocf', call, limitMs };
}

export type OcfDone = Extract<End, { type: 'ocf.ended' }>;

/** An action that could not even be ordered has no code. */
export function doneOf(end: End): OcfDone {
  if (end.type === 'ocf.ended') return end;
  return { type: 'ocf.ended', id: '', code: null, timedOut: false, refused: false, reason: '' };
}

/** What an action ended with, in words: `7`, `1: no such file`. */
export function endWords({ code, timedOut, refused, reason }: OcfDone): string {
  const how = timedOut ? 'too late' : refused ? 'not run' : `${code ?? 'killed'}`;
  return reason === '' ? how : `${how}: ${reason}`;
}
