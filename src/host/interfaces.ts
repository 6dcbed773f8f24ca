/**
 * The addresses that a server's own interfaces have, whatever clp.conf says: a person sets them in its
 * operating system (x5 2.26). What a configuration expects elsewhere is carried by none of them.
 */
import type { JsonObject } from '../core/json.ts';
import { text } from './fields.ts';
import type { HostState } from './state.ts';
import { change, isOsUp, own, refusal, reply, type Turn } from './turn.ts';

/** An address and the length of its mask. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}\/(?:[1-9]|[12]\d|3[0-2])|[0-9A-Fa-f:]+\/\d{1,3})$/;

export function hasAddress({ interfaces }: HostState, address: string): boolean {
  if (interfaces === undefined) return true;
  return Object.values(interfaces).some((one) => one.split('/')[0] === address);
}

export function setAddress(turn: Turn, id: string, body: JsonObject): void {
  const { server, interfaces = {} } = turn.state;
  const [name, address] = [text(body, 'interface'), text(body, 'address')];
  if (!isOsUp(turn.state)) throw refusal('os.off', `the operating system of ${server} is not up`);
  if (own(interfaces, name) === undefined) {
    const known = Object.keys(interfaces).join(', ') || 'none';
    throw refusal('interface.unknown', `${server} has no interface ${name}; it has ${known}`);
  }
  if (!ADDRESS.test(address)) {
    throw refusal('address.wrong', `${address} is no address with the length of its mask (/24)`);
  }
  change(turn, { interfaces: { ...interfaces, [name]: address } });
  reply(turn, id, { interface: name, address });
}
