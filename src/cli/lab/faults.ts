/** The words behind `lab fault` as a fault; the whole of them is checked before anything is done. */
import { badInput } from '../../core/errors.ts';
import { type Fault, readFault } from '../../host/faults.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Args } from '../verbs/args.ts';

/** A word that must be there. */
export function need(list: string[], index: number, what: string, usage: string): string {
  const word = list[index];
  if (word !== undefined) return word;
  throw badInput(`${what} is missing`, { code: 'usage', remedy: `write \`drydock lab ${usage}\`` });
}

/** Options say what could stand as words too: `--ms 50` is `50`, `--one-way` is `oneway`. */
export function faultFrom(list: string[], args: Args, config: ClusterConfiguration): Fault {
  const ms = args.ms === undefined ? [] : [String(args.ms)];
  const way = args.oneWay === true ? ['oneway'] : [];
  return readFault([...list, ...ms, ...way], config);
}
