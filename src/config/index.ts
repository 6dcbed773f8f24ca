/** The room's face: clp.conf ⇄ ClusterConfiguration, and its defaults. */
export * from './defaults.ts';
export { type Impact, type ImpactLevel, impactOf } from './impact.ts';
export { mirrorServers, mirrorsOf, mirrorsOn, monitorKind, resourceKind } from './kinds.ts';
export { parseClusterConfiguration } from './read.ts';
export { LOCAL_SERVER } from './read-monitors.ts';
export { writeClusterConfiguration } from './write.ts';
