/** The record, for other rooms: checkpoints, parts of it that prove themselves, verdicts. */
export {
  type Anchors,
  allAnchors,
  anchorLine,
  parseAnchors,
  type StoredAnchor,
} from './anchors.ts';
export { CHECKPOINT_MADE, type Checkpoint, makeCheckpoint, readCheckpoint } from './checkpoint.ts';
export {
  checkpointOver,
  countsWindow,
  entriesOf,
  exportEntries,
  exportRecord,
  type InclusionProof,
  inclusionProofs,
  type Part,
} from './excerpt.ts';
export { splitLines } from './lines.ts';
export { provesConsistency, provesInclusion } from './merkle.ts';
export { type RecordVerdict, verdictWords } from './verdict.ts';
export { type VerifyOptions, verifyRecord } from './verify.ts';
export { verifyAny } from './verify-any.ts';
