/**
 * Which OCF agents a lab runs: those that touch nothing but their state file, which stands in the
 * lab's folder; and as root, in a network namespace that is not the machine's, the one that sets
 * addresses. Any other could reach the machine itself, so it is refused, whoever asks.
 */
import { readlinkSync } from 'node:fs';
import type { OcfCall } from '../ports/ocf.ts';

interface Rule {
  /** Parameters that lead it nowhere else; `state` and `envfile` name files. */
  parameters: string[];
  isOwnNetworkNeeded?: true;
}

const RULES = new Map<string, Rule>([
  ['heartbeat:Dummy', { parameters: ['fake'] }],
  ['pacemaker:Dummy', { parameters: ['fake', 'passwd', 'op_sleep'] }],
  [
    'heartbeat:IPaddr2',
    { parameters: ['ip', 'nic', 'cidr_netmask', 'run_arping'], isOwnNetworkNeeded: true },
  ],
]);

/** Root, in a network namespace other than that of the machine's first process. */
export function hasOwnNetwork(): boolean {
  try {
    const isOwn = readlinkSync('/proc/self/ns/net') !== readlinkSync('/proc/1/ns/net');
    return isOwn && process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** Why a lab does not run that; null: it does. */
export function labRefusal(
  { provider, agent, parameters }: OcfCall,
  isOwnNetwork: boolean,
): string | null {
  const name = `${provider}:${agent}`;
  const rule = RULES.get(name);
  const isAllowed = rule !== undefined && (isOwnNetwork || !rule.isOwnNetworkNeeded);
  if (!isAllowed) {
    const way = rule ? '; as root in a network namespace of its own it would run it' : '';
    return `a lab does not run agent ${name}, which could touch the machine itself${way}`;
  }
  const odd = Object.keys(parameters).find((key) => !rule.parameters.includes(key));
  if (odd === undefined) return null;
  return `a lab gives agent ${name} no parameter ${odd}, which could lead it out of the lab`;
}
