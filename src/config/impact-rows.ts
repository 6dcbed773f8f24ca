/**
 * What a change of a place in a clp.conf needs, by the element's path below <root>: the first row
 * that fits decides. `*` is one step of a path, or what is left of one; `**` is everything below.
 *
 * The manuals name the ways to distribute (v3 6.1) and leave to another book which change needs
 * which; this table is our choice. Who reads a setting decides: those who show it need an upload,
 * monitors and heartbeats a suspended cluster, whoever starts and stops groups a stopped one, and a
 * mirror's agent a shutdown. A place that nobody here knows needs a stop (the last row).
 */
export const LEVELS = ['none', 'upload', 'suspend', 'stop', 'shutdown'] as const;

export type ImpactLevel = (typeof LEVELS)[number];

export const IMPACTS: readonly (readonly [path: string, level: ImpactLevel])[] = [
  ['comment', 'upload'],
  ['**/comment', 'upload'],
  // The builder's own notes, and who shows the cluster to people.
  ['trekking/savededition', 'shutdown'],
  ['trekking/**', 'upload'],
  ['webmgr/**', 'upload'],
  ['mail/**', 'upload'],
  ['webalert/**', 'upload'],
  ['api/**', 'upload'],
  ['all/serveros', 'shutdown'],
  ['all/charset', 'stop'],
  ['all/encode', 'stop'],
  ['cluster/name', 'shutdown'],
  ['cluster/uuid', 'shutdown'],
  ['cluster/heartbeat/*', 'suspend'],
  ['cluster/startupwait', 'suspend'],
  // A mirror agent counts from its start on.
  ['cluster/statistics/mirror', 'shutdown'],
  ['cluster/statistics/**', 'suspend'],
  ['cluster/networkpartition/npaction', 'suspend'],
  ['mdagent/**', 'suspend'],
  ['rc/**', 'suspend'],
  ['rm/**', 'suspend'],
  ['pm/**', 'suspend'],
  ['cluster/haltp/**', 'suspend'],
  ['cluster/haltcount/**', 'suspend'],
  ['cluster/managementip', 'suspend'],
  ['forcestop/**', 'suspend'],
  ['networkpartition/**', 'suspend'],
  ['heartbeat/**', 'stop'],
  // A forced stop asks its devices; nothing else goes over them.
  ['server@*/device@*/bmc/**', 'suspend'],
  ['server@*/priority', 'stop'],
  ['server@*', 'shutdown'],
  ['server@*/device@*', 'shutdown'],
  ['server@*/device@*/**', 'shutdown'],
  ['server@*/**', 'stop'],
  ['servergroup@*/**', 'stop'],
  ['xclrule@*/**', 'stop'],
  ['group@*/start', 'upload'],
  ['group@*/failover', 'upload'],
  ['group@*/failback', 'upload'],
  ['group@*/failoverpolicy', 'suspend'],
  ['group@*/depend/**', 'suspend'],
  ['group@*/**', 'stop'],
  // The list that announces types changes with the members themselves.
  ['resource/types@*', 'upload'],
  ['monitor/types@*', 'upload'],
  ['resource/*@*/act/**', 'upload'],
  ['resource/*@*/deact/**', 'upload'],
  // A copy's partitions are in use by its agent, which only a shutdown ends.
  ['resource/md@*', 'shutdown'],
  ['resource/md@*/parameters/**', 'shutdown'],
  ['resource/hd@*', 'shutdown'],
  ['resource/hd@*/parameters/**', 'shutdown'],
  ['resource/**', 'stop'],
  ['monitor/**', 'suspend'],
  ['**', 'stop'],
];
