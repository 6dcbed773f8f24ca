/** The words and columns of clpstat. */
import { heartbeatKind, partitionKind } from '../../config/index.ts';
import type { HeartbeatResource } from '../../schema/generated/cluster-configuration.ts';
import type { ClusterView } from '../../schema/generated/reports/cluster-view.ts';

export function stateWord(word: string | null | undefined): string {
  return word ?? 'Unknown';
}

export function placeWord(word: string | null | undefined, current: string | null): string {
  return current ?? (word === null || word === undefined ? 'Unknown' : 'None');
}

export function heartbeatComment({ type }: Pick<HeartbeatResource, 'type'>): string {
  return heartbeatKind(type)?.comment ?? type;
}

export function partitionComment(type: string): string {
  return partitionKind(type)?.comment ?? type;
}

/** No line ends in blanks. */
export function lines(all: readonly string[]): string {
  return all.map((line) => `${line.trimEnd()}\n`).join('');
}

export const END = ` ${'='.repeat(69)}`;

export function title(words: string, before: number, after: number): string {
  return ` ${'='.repeat(before)}  ${words}  ${'='.repeat(after)}`;
}

/** `server1 .........`: a blank and dots fill the column, long names are cut. */
export function dotted(name: string, width: number): string {
  const cut = name.slice(0, width - 1);
  return `${cut} ${'.'.repeat(Math.max(0, width - cut.length - 1))}`;
}

/** ` *server0 : server1` and so on: the numbers that the maps speak of. */
export function legend({ servers, viewer }: ClusterView): string[] {
  return servers.map(({ name }, index) => {
    const mark = name === viewer ? '*' : ' ';
    return `   ${mark}server${index} : ${name}`;
  });
}
