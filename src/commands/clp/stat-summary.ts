/** clpstat without an option, -s, and --long: the cluster on one page. */
import {
  dotted,
  END,
  heartbeatComment,
  heartbeatWord,
  type Look,
  lines,
  monitorWord,
  partitionComment,
  placeWord,
  serverWord,
  stateWord,
  title,
} from './stat-words.ts';

interface Widths {
  name: number;
  member: number;
  monitor: number;
}

const SHORT: Widths = { name: 17, member: 15, monitor: 17 };
const LONG: Widths = { name: 34, member: 32, monitor: 34 };
const STATUS_WIDTH = 17;

function line(label: string, word: string, comment = ''): string {
  return `${label}: ${word.padEnd(STATUS_WIDTH)}${comment}`;
}

function serverLines(look: Look, widths: Widths): string[] {
  const { config, viewer } = look;
  return config.servers.flatMap(({ name, comment }) => {
    const mark = name === viewer ? '*' : ' ';
    const word = serverWord(look, name);
    const member = (label: string) => `      ${label.padEnd(widths.member)}`;
    const isUp = word !== 'Offline' && word !== 'Unknown';
    return [
      line(`   ${mark}${dotted(name, widths.name)}`, word, comment),
      ...config.heartbeats.map((heartbeat) =>
        line(
          member(heartbeat.name),
          heartbeatWord(look, name, heartbeat.name),
          heartbeatComment(heartbeat),
        ),
      ),
      // Network partition resolution is configured but not run here: it says so.
      ...config.networkPartition.map((resource) =>
        line(member(resource.name), isUp ? 'Unused' : word, partitionComment(resource.type)),
      ),
    ];
  });
}

function groupLines({ status, config }: Look, widths: Widths): string[] {
  return config.groups.flatMap((group) => {
    const found = status.groups[group.name];
    const member = (label: string) => `      ${label.padEnd(widths.member)}`;
    return [
      line(`    ${dotted(group.name, widths.name)}`, stateWord(found?.word), group.comment),
      line(member('current'), placeWord(found?.word, found?.current ?? null)),
      ...group.resources.map((name) => {
        const resource = config.resources.find((one) => one.name === name);
        const word = stateWord(status.resources[name]?.word);
        return line(member(name), word, resource?.comment ?? '');
      }),
    ];
  });
}

function monitorLines(look: Look, widths: Widths): string[] {
  return look.config.monitors.map(({ name, comment }) =>
    line(`    ${name.padEnd(widths.monitor)}`, monitorWord(look, name), comment),
  );
}

export function summary(look: Look, isLong: boolean): string {
  const widths = isLong ? LONG : SHORT;
  return lines([
    title('CLUSTER STATUS', 24, 27),
    `  Cluster : ${look.config.name}`,
    '  <server>',
    ...serverLines(look, widths),
    '  <group>',
    ...groupLines(look, widths),
    '  <monitor>',
    ...monitorLines(look, widths),
    END,
  ]);
}
