/**
 * Network interfaces by the names that an operating system gives them. A server's interfaces are
 * the devices that carry a net, in the order of their numbers: eth0, eth1 … (a choice); each also
 * goes by its net's own name, as lan0 or mdc400.
 */
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';

const CARRIES = ['lan', 'mdc'];

/** The nets of a server's interfaces, in their order. */
export function netsOfServer({ servers }: ClusterConfiguration, server: string): string[] {
  const devices = servers.find(({ name }) => name === server)?.devices ?? [];
  const nets = devices
    .filter(({ kind }) => CARRIES.includes(kind))
    .sort((a, b) => a.id - b.id)
    .map(({ kind, id }) => `${kind}${id}`);
  return [...new Set(nets)];
}

/** Null: the server has no such interface. */
export function netOfInterface(
  config: ClusterConfiguration,
  server: string,
  name: string,
): string | null {
  const nets = netsOfServer(config, server);
  if (nets.includes(name)) return name;
  const nth = /^eth(\d{1,3})$/.exec(name)?.[1];
  return nth === undefined ? null : (nets[Number(nth)] ?? null);
}
