/**
 * The numbers of the NBD protocol that this server speaks: fixed newstyle negotiation, simple
 * replies. Source: the protocol document of the NBD project (proto.md).
 */

export const MAGIC = 0x4e42444d41474943n; // "NBDMAGIC"
export const OPTION_MAGIC = 0x49484156454f5054n; // "IHAVEOPT"
export const REPLY_MAGIC = 0x3e889045565a9n;
export const REQUEST_MAGIC = 0x25609513;
export const SIMPLE_REPLY_MAGIC = 0x67446698;

export const handshakeFlags = { fixedNewstyle: 1, noZeroes: 2 } as const;

export const options = {
  exportName: 1,
  abort: 2,
  list: 3,
  info: 6,
  go: 7,
} as const;

export const replies = {
  ack: 1,
  server: 2,
  info: 3,
  unsupported: 0x80000001,
  invalid: 0x80000003,
  unknown: 0x80000006,
} as const;

export const infos = { export: 0, name: 1, blockSize: 3 } as const;

export const exportFlags = {
  hasFlags: 1,
  readOnly: 2,
  flush: 4,
  fua: 8,
  trim: 32,
  writeZeroes: 64,
  multiConnection: 256,
} as const;

export const commands = {
  read: 0,
  write: 1,
  disconnect: 2,
  flush: 3,
  trim: 4,
  writeZeroes: 6,
} as const;

export const commandFlags = { fua: 1, noHole: 2 } as const;

export const errors = {
  EPERM: 1,
  EIO: 5,
  EINVAL: 22,
  ENOSPC: 28,
  EOVERFLOW: 75,
  ESHUTDOWN: 108,
} as const;

/** Longest read or write that is taken; what clients ask for at most unless told more. */
export const MOST_REQUEST_BYTES = 32 * 1024 * 1024;
/** Longest data of an option: an export's name has 4096 bytes at most. */
export const MOST_OPTION_BYTES = 16 * 1024;
/** Options one client may send before it must have chosen. */
export const MOST_OPTIONS = 256;
