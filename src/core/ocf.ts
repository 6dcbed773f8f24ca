/**
 * The contract between a cluster and a resource agent (Open Cluster Framework 1.1, as Debian's
 * agents keep it): exit codes, environment, reason, and how long an action may take.
 */
import { XMLParser } from 'fast-xml-parser';
import type { OcfCall } from '../ports/ocf.ts';

export const OCF_ROOT = '/usr/lib/ocf';

/** What an action exits with. */
export const OCF = {
  success: 0,
  error: 1,
  arguments: 2,
  noSuchAction: 3,
  permission: 4,
  notInstalled: 5,
  configuration: 6,
  notRunning: 7,
} as const;

/** An action that its agent says nothing about may take so long, ms (a choice). */
export const UNDECLARED_MS = 20_000;

/** Everything that an agent is told; what its folders are is added by whoever runs it. */
export function ocfEnvironment(call: OcfCall, limitMs: number): Record<string, string> {
  const parameters = Object.entries(call.parameters).map(([name, value]) => {
    return [`OCF_RESKEY_${name}`, value] as const;
  });
  const level = call.checkLevel === null ? {} : { OCF_CHECK_LEVEL: String(call.checkLevel) };
  return {
    ...Object.fromEntries(parameters),
    ...level,
    OCF_ROOT,
    OCF_RA_VERSION_MAJOR: '1',
    OCF_RA_VERSION_MINOR: '1',
    OCF_RESOURCE_INSTANCE: call.instance,
    OCF_RESOURCE_TYPE: call.agent,
    OCF_RESOURCE_PROVIDER: call.provider,
    OCF_RESKEY_CRM_meta_interval: String(call.intervalMs),
    OCF_RESKEY_CRM_meta_timeout: String(limitMs),
  };
}

interface Action {
  name?: string;
  timeout?: string;
}

const reader = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  isArray: (name) => name === 'action',
});

function actionsIn(metaData: string): Action[] {
  try {
    return reader.parse(metaData)?.['resource-agent']?.actions?.action ?? [];
  } catch {
    // What is no XML demands nothing.
    return [];
  }
}

/**
 * How long an agent's meta-data demands for an action, ms: the longest, where it has several
 * depths. Times are `20s`, or bare seconds; null: none that reads as one.
 */
export function declaredMs(metaData: string, action: string): number | null {
  const times = actionsIn(metaData).flatMap(({ name, timeout = '' }) => {
    const seconds = /^\s*(\d{1,6})\s*s?\s*$/.exec(timeout);
    return name === action && seconds ? [Number(seconds[1]) * 1000] : [];
  });
  return times.length === 0 ? null : Math.max(...times);
}

/** So long an action may take: as configured, or as its agent demands where that is longer. */
export function ocfLimitMs(metaData: string, action: string, configuredMs: number): number {
  return Math.max(configuredMs, declaredMs(metaData, action) ?? UNDECLARED_MS);
}

const REASON = 'ocf-exit-reason:';
const REASON_LENGTH = 200;

/** The last reason that an agent gave on its standard error; empty: none. */
export function exitReason(errors: string): string {
  const given = errors.split('\n').filter((line) => line.startsWith(REASON));
  return (given.at(-1) ?? '').slice(REASON.length).trim().slice(0, REASON_LENGTH);
}
