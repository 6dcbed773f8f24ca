/** What is exported: a block device, as a client of NBD uses one. */
export interface NbdExport {
  readonly name: string;
  readonly sizeBytes: number;
  readonly readOnly: boolean;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** `pieces` in order; `fua`: durable when it resolves. */
  write(offset: number, pieces: readonly Uint8Array[], fua: boolean): Promise<void>;
  writeZeroes(offset: number, length: number, fua: boolean): Promise<void>;
  /** Every write answered before is durable when it resolves, whoever sent it. */
  flush(): Promise<void>;
}

/** How a failure of an export is told, when its `code` says nothing that NBD knows: EIO. */
export interface NbdFailure extends Error {
  code?: string;
}
