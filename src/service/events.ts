/** What a use case tells while it works, as data: each with the words that src/cli has for it. */
export type ServiceEvent =
  /** Something that must not keep anybody from their work could not be written to the record. */
  | { type: 'record.unwritten'; what: string; why: string }
  /** Commands that people typed on the servers since they were last asked. */
  | { type: 'notes.recorded'; count: number }
  /** The cluster that would have to let a lease go cannot be reached. */
  | { type: 'lease.unasked'; why: string };
