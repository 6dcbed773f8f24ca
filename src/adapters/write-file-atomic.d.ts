/** The part of write-file-atomic that is used here (the package carries no types). */
declare module 'write-file-atomic' {
  interface Options {
    mode?: number;
    encoding?: BufferEncoding;
    fsync?: boolean;
  }
  function writeFileAtomic(path: string, data: string | Uint8Array, options?: Options): Promise<void>;
  namespace writeFileAtomic {
    function sync(path: string, data: string | Uint8Array, options?: Options): void;
  }
  export default writeFileAtomic;
}
