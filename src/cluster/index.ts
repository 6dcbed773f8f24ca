export type { ActEntry } from './acts/act.ts';
export { acts } from './acts/registry.ts';
export { soundAnswer } from './answers.ts';
export { heldIfAble, REMEDY, requireAble } from './capabilities.ts';
export { collectDocuments, serversNow } from './documents.ts';
/** The room's face: the asking side of a cluster. */
export { createDoor, type DoorOptions } from './door.ts';
export { type MirrorCopy, mirrorCopies, mirrorState } from './mirrors.ts';
export { collectOperations } from './operations.ts';
export { physicalActs } from './operator.ts';
export { configurationOn } from './rack.ts';
export {
  collectStatus,
  expressClusterOf,
  membersOf,
  requireExpressCluster,
  statusFrom,
} from './status.ts';
export { substanceOf } from './substance.ts';
export { serviceSays } from './words.ts';
