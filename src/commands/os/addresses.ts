/**
 * The network interfaces of a server: a cable for each interconnect or mirror connect of clp.conf, in
 * the order of their device numbers, with the address that stands there; floating addresses lie on
 * the one whose network they belong to (/24, a choice), else on the first.
 */
import { sharedConfiguration } from '../../config/index.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Environment } from '../environment.ts';
import { askHost } from './host.ts';

export const PREFIX = 24;

export interface OwnAddress {
  nic: string;
  address: string;
  isFloating: boolean;
}

/** What this server's clp.conf says; null where there is none, or one that cannot be read. */
export async function configOf(env: Environment): Promise<ClusterConfiguration | null> {
  const text = await env.files.read(CONFIG_PATH);
  if (text === null) return null;
  try {
    return sharedConfiguration(text, CONFIG_PATH);
  } catch {
    return null;
  }
}

function isAddress(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text) || text.includes(':');
}

/** Addresses of a server by clp.conf, each once, as its interfaces have them. */
export function fixedAddresses(config: ClusterConfiguration, server: string): string[] {
  const devices = config.servers.find(({ name }) => name === server)?.devices ?? [];
  const wired = devices.filter(
    ({ kind, info }) => ['lan', 'mdc'].includes(kind) && isAddress(info),
  );
  return [...new Set(wired.sort((a, b) => a.id - b.id).map(({ info }) => info))];
}

function networkOf(address: string): string {
  return address.replace(/[.:][^.:]*$/, '');
}

export async function addressesOf(env: Environment): Promise<OwnAddress[]> {
  const config = await configOf(env);
  const fixed = (config ? fixedAddresses(config, env.server) : []).map((address, at) => {
    return { nic: `eth${at}`, address, isFloating: false };
  });
  const { addresses } = await askHost(env, { do: 'status' });
  const floating = (addresses as string[]).map((address) => {
    const near = fixed.find((own) => networkOf(own.address) === networkOf(address));
    return { nic: (near ?? fixed[0])?.nic ?? 'eth0', address, isFloating: true };
  });
  return [...fixed, ...floating];
}

/** Interfaces with what is on them, in their order. */
export function byInterface(addresses: readonly OwnAddress[]): Map<string, OwnAddress[]> {
  const nics = new Map<string, OwnAddress[]>();
  for (const own of addresses) nics.set(own.nic, [...(nics.get(own.nic) ?? []), own]);
  return nics;
}

/** A hardware address that a name and an interface have always: locally administered. */
export function hardwareAddress(server: string, nic: string): string {
  let hash = 0x811c9dc5;
  for (const char of `${server}/${nic}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  const bytes = [0x02, 0x16, ...[24, 16, 8, 0].map((shift) => (hash >>> shift) & 0xff)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}
