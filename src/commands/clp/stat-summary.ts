/** clpstat without an option, -s, and --long: the cluster on one page. */
import type { ClusterView } from '../../schema/generated/reports/cluster-view.ts';
import { dotted, END, placeWord, stateWord, title } from './stat-words.ts';

interface Widths {
  name: number;
  member: number;
  monitor: number;
}

const SHORT: Widths = { name: 17, member: 15, monitor: 17 };
const LONG: Widths = { name: 34, member: 32, monitor: 34 };
const STATUS_WIDTH = 17;

/** Where there is no comment the blanks before it stand all the same: scripts look for one. */
function line(label: string, word: string, comment = ''): string {
  return `${label}: ${word.padEnd(STATUS_WIDTH)}${comment}`;
}

function serverLines({ servers, heartbeats, partitions, viewer }: ClusterView, widths: Widths) {
  return servers.flatMap((server) => {
    const { name, comment, word, heartbeats: received, partitions: resolved } = server;
    const mark = name === viewer ? '*' : ' ';
    const member = (label: string) => `      ${label.padEnd(widths.member)}`;
    return [
      line(`   ${mark}${dotted(name, widths.name)}`, word, comment),
      ...received.map((one, at) => line(member(one.name), one.word, heartbeats[at]?.comment)),
      ...resolved.map((one, at) => line(member(one.name), one.word, partitions[at]?.comment)),
    ];
  });
}

function groupLines({ groups }: ClusterView, widths: Widths): string[] {
  return groups.flatMap(({ name, comment, word, current, resources }) => {
    const member = (label: string) => `      ${label.padEnd(widths.member)}`;
    return [
      line(`    ${dotted(name, widths.name)}`, stateWord(word), comment),
      `${member('current')}: ${placeWord(word, current)}`,
      ...resources.map((one) => line(member(one.name), stateWord(one.word), one.comment)),
    ];
  });
}

function monitorLines({ monitors }: ClusterView, widths: Widths): string[] {
  return monitors.map(({ name, comment, word }) =>
    line(`    ${name.padEnd(widths.monitor)}`, word, comment),
  );
}

export function summary(view: ClusterView, isLong: boolean): string {
  const widths = isLong ? LONG : SHORT;
  const all = [
    title('CLUSTER STATUS', 24, 27),
    `  Cluster : ${view.cluster}`,
    '  <server>',
    ...serverLines(view, widths),
    '  <group>',
    ...groupLines(view, widths),
    '  <monitor>',
    ...monitorLines(view, widths),
    END,
  ];
  return all.map((one) => `${one}\n`).join('');
}
