/**
 * The network interfaces of a server, with the addresses that its operating system has; floating
 * addresses lie on the one whose network they belong to (by its first three numbers, a choice), else
 * on the first.
 */
import { fixedAddresses, sharedConfiguration } from '../../config/index.ts';
import { CONFIG_PATH } from '../../core/paths.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Environment } from '../environment.ts';
import { askHost } from './host.ts';

/** Where a server does not say: /24, a choice. */
const BITS = 24;

export interface OwnAddress {
  nic: string;
  address: string;
  /** The length of its mask. */
  bits: number;
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

function networkOf(address: string): string {
  return address.replace(/[.:][^.:]*$/, '');
}

/** Its interfaces' own; of a server that does not say, as clp.conf has them. */
async function interfacesOf(env: Environment, told: unknown): Promise<OwnAddress[]> {
  const config = told === undefined ? await configOf(env) : null;
  const configured = config ? fixedAddresses(config, env.server) : [];
  const entries =
    told === undefined
      ? configured.map((address, at) => [`eth${at}`, address] as const)
      : Object.entries(told as Record<string, string>);
  return entries.map(([nic, text]) => {
    const [address = '', bits = address.includes(':') ? 64 : BITS] = text.split('/');
    return { nic, address, bits: Number(bits), isFloating: false };
  });
}

export async function addressesOf(env: Environment): Promise<OwnAddress[]> {
  const { addresses, interfaces } = await askHost(env, { do: 'status' });
  const fixed = await interfacesOf(env, interfaces);
  const floating = (addresses as string[]).map((address) => {
    const near = fixed.find((own) => networkOf(own.address) === networkOf(address)) ?? fixed[0];
    const bits = address.includes(':') ? 128 : (near?.bits ?? BITS);
    return { nic: near?.nic ?? 'eth0', address, bits, isFloating: true };
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
