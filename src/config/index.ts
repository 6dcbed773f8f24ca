/** The room's face: clp.conf ⇄ ClusterConfiguration, and its defaults. */
export * from './defaults.ts';
export { beginConfiguration, editConfiguration, editUsage } from './edit.ts';
export { type PowerSettings, powerSettingsOf } from './forced-stop.ts';
export { type Impact, type ImpactLevel, impactOf, impactOfAdding } from './impact.ts';
export { netOfInterface } from './interfaces.ts';
export {
  mirrorServers,
  mirrorSides,
  mirrorsOf,
  mirrorsOn,
  monitorKind,
  resourceKind,
} from './kinds.ts';
export {
  countedFor,
  judgeLicences,
  type Licence,
  optionsOf,
  parseLicences,
  productsOf,
  wordsOfVerdict,
  writeLicences,
} from './licences.ts';
export { namesAt, valueAt } from './look-up.ts';
export { type NamedScript, namedScripts } from './named-scripts.ts';
export { addressOf, objectOf, recordOf } from './objects.ts';
export {
  type Carrier,
  carriersOf,
  fixedAddresses,
  hasDeviceFor,
  heartbeatKind,
  lanTo,
  legsOf,
  legsOutside,
  markNetOf,
  netOf,
  netsOf,
  OUTSIDE,
  outsideOf,
  partitionKind,
} from './paths.ts';
export { checkConfiguration, parseClusterConfiguration } from './read.ts';
export { LOCAL_SERVER } from './read-monitors.ts';
export { secretsIn } from './secrets.ts';
export { sharedConfiguration, sharedMailServer } from './shared.ts';
export { addsResources, endsDoubleRuns, takesDiskImages } from './version.ts';
export { writeClusterConfiguration } from './write.ts';
