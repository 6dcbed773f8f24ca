/** Values that survive JSON: everything that crosses a port, a socket or the journal is one of these. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };
