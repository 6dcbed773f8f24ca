/** The NBD protocol, byte for byte, and what a hostile client can do to it: end its connection. */
import test from 'ava';
import fc from 'fast-check';
import { type Exports, NbdConnection, type NbdExport } from '../../src/nbd/index.ts';
import { Pieces } from '../../src/nbd/pieces.ts';
import { commands, errors, options } from '../../src/nbd/words.ts';

const SIZE = 1024 * 1024;

interface Memory extends NbdExport {
  bytes: Buffer;
  log: string[];
}

function memory(readOnly = false): Memory {
  const bytes = Buffer.alloc(SIZE);
  const log: string[] = [];
  return {
    name: 'NMP1',
    sizeBytes: SIZE,
    readOnly,
    bytes,
    log,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
    write: async (offset, pieces, fua) => {
      Buffer.concat(pieces).copy(bytes, offset);
      log.push(`write${fua ? ' fua' : ''}`);
    },
    writeZeroes: async (offset, length, fua) => {
      bytes.fill(0, offset, offset + length);
      log.push(`zeroes${fua ? ' fua' : ''}`);
    },
    flush: async () => {
      log.push('flush');
    },
  };
}

const exportsOf = (one: NbdExport): Exports => ({
  names: () => [one.name],
  find: (name) => (name === '' || name === one.name ? one : null),
});

interface Spoken {
  connection: NbdConnection;
  sent: () => Buffer;
  ended: () => string | null;
}

function speak(to: NbdExport): Spoken {
  const sent: Uint8Array[] = [];
  let why: string | null = null;
  const connection = new NbdConnection(exportsOf(to), {
    send: (pieces) => sent.push(...pieces.map((piece) => Uint8Array.from(piece))),
    end: (words) => {
      why = words;
    },
    changed: () => {},
    later: () => queueMicrotask(() => connection.resume()),
  });
  return { connection, sent: () => Buffer.concat(sent), ended: () => why };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

function flags(value = 3): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function option(kind: number, data: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(16);
  head.write('IHAVEOPT');
  head.writeUInt32BE(kind, 8);
  head.writeUInt32BE(data.length, 12);
  return Buffer.concat([head, data]);
}

function chosen(name = '', infos: number[] = []): Buffer {
  const bytes = Buffer.alloc(6 + name.length + 2 * infos.length);
  bytes.writeUInt32BE(name.length, 0);
  bytes.write(name, 4);
  bytes.writeUInt16BE(infos.length, 4 + name.length);
  for (const [at, info] of infos.entries()) bytes.writeUInt16BE(info, 6 + name.length + 2 * at);
  return bytes;
}

interface Asked {
  command: number;
  flags?: number;
  cookie?: number;
  offset?: number;
  length?: number;
  data?: Buffer;
}

function request({ command, flags = 0, cookie = 7, offset = 0, length, data }: Asked): Buffer {
  const head = Buffer.alloc(28);
  head.writeUInt32BE(0x25609513, 0);
  head.writeUInt16BE(flags, 4);
  head.writeUInt16BE(command, 6);
  head.writeBigUInt64BE(BigInt(cookie), 8);
  head.writeBigUInt64BE(BigInt(offset), 16);
  head.writeUInt32BE(length ?? data?.length ?? 0, 24);
  return Buffer.concat([head, data ?? Buffer.alloc(0)]);
}

/** Past the negotiation; what was said until then is left out. */
async function transmitting(to: NbdExport): Promise<Spoken> {
  const spoken = speak(to);
  spoken.connection.receive(Buffer.concat([flags(), option(options.go, chosen())]));
  const from = spoken.sent().length;
  return { ...spoken, sent: () => spoken.sent().subarray(from) };
}

function optionReplies(bytes: Buffer): string[] {
  const found: string[] = [];
  for (let at = 18; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at + 16);
    const kind = bytes.readUInt32BE(at + 12);
    found.push(`${bytes.readUInt32BE(at + 8)} ${kind.toString(16)} ${length}`);
    at += 20 + length;
  }
  return found;
}

const NEGOTIATIONS: [string, Buffer, string[], string | null][] = [
  ['the exports are listed', option(options.list), ['3 2 8', '3 1 0'], null],
  ['a list with data is refused', option(options.list, Buffer.from('x')), ['3 80000003 23'], null],
  [
    'an export is described',
    option(options.info, chosen('NMP1', [1, 3])),
    ['6 3 12', '6 3 6', '6 3 14', '6 1 0'],
    null,
  ],
  ['an unknown one is refused', option(options.go, chosen('else')), ['7 80000006 14'], null],
  [
    'lengths that lie are refused',
    option(options.go, Buffer.alloc(6, 0xff)),
    ['7 80000003 35'],
    null,
  ],
  ['TLS is not provided', option(5), ['5 80000001 27'], null],
  ['structured replies are not provided', option(8), ['8 80000001 27'], null],
  ['an abort is acknowledged', option(options.abort), ['2 1 0'], 'the client gave up'],
  [
    'an unknown export by its name alone ends it',
    option(options.exportName, Buffer.from('x')),
    [],
    'no such export',
  ],
  ['another magic ends it', Buffer.alloc(16, 1), [], 'not an option'],
];

for (const [title, bytes, expected, end] of NEGOTIATIONS) {
  test(`in the negotiation ${title}`, (t) => {
    const spoken = speak(memory());
    for (const byte of Buffer.concat([flags(), bytes]))
      spoken.connection.receive(Buffer.from([byte]));
    t.deepEqual(optionReplies(spoken.sent()), expected);
    t.is(spoken.ended(), end);
  });
}

test('the greeting is fixed newstyle, and flags that are not known end it', (t) => {
  const spoken = speak(memory());
  t.is(spoken.sent().toString('latin1', 0, 16), 'NBDMAGICIHAVEOPT');
  t.is(spoken.sent().readUInt16BE(16), 3);
  spoken.connection.receive(flags(7));
  t.is(spoken.ended(), 'client flags 7 are not known');
});

test('an export chosen by name alone tells its size, and zeroes unless they are declined', (t) => {
  for (const [client, length] of [
    [1, 134],
    [3, 10],
  ] as const) {
    const spoken = speak(memory());
    spoken.connection.receive(Buffer.concat([flags(client), option(options.exportName)]));
    const said = spoken.sent().subarray(18);
    t.is(said.length, length);
    t.is(said.readBigUInt64BE(0), BigInt(SIZE));
    t.is(spoken.connection.chosen, 'NMP1');
  }
});

const { read, write, flush, trim, writeZeroes } = commands;
const REQUESTS: [string, Asked, number, string[]][] = [
  ['a write', { command: write, data: Buffer.from('abc') }, 0, ['write']],
  ['a write with FUA', { command: write, flags: 1, data: Buffer.from('abc') }, 0, ['write fua']],
  [
    'a write past the end',
    { command: write, offset: SIZE - 1, data: Buffer.from('ab') },
    errors.ENOSPC,
    [],
  ],
  ['a read past the end', { command: read, offset: SIZE, length: 1 }, errors.EINVAL, []],
  [
    'a read far beyond',
    { command: read, offset: Number.MAX_SAFE_INTEGER, length: 1 },
    errors.EINVAL,
    [],
  ],
  ['a flush', { command: flush }, 0, ['flush']],
  ['a flush of something', { command: flush, length: 1 }, errors.EINVAL, []],
  ['a trim', { command: trim, length: 4096 }, 0, []],
  ['a trim with FUA', { command: trim, flags: 1, length: 4096 }, 0, ['flush']],
  ['zeroes', { command: writeZeroes, flags: 2, length: 4096 }, 0, ['zeroes']],
  ['zeroes past the end', { command: writeZeroes, offset: SIZE, length: 1 }, errors.ENOSPC, []],
  ['an unknown flag', { command: write, flags: 4, data: Buffer.from('a') }, errors.EINVAL, []],
  ['an unknown command', { command: 99 }, errors.EINVAL, []],
];

for (const [title, asked, error, log] of REQUESTS) {
  test(`${title} is answered with ${error}, and the next request is understood`, async (t) => {
    const disk = memory();
    const spoken = await transmitting(disk);
    spoken.connection.receive(request(asked));
    await settle();
    const said = spoken.sent();
    t.is(said.readUInt32BE(0), 0x67446698);
    t.is(said.readUInt32BE(4), error);
    t.is(said.readBigUInt64BE(8), 7n);
    t.deepEqual(disk.log, log);
    spoken.connection.receive(request({ command: read, length: 2, cookie: 8 }));
    await settle();
    t.is(spoken.sent().readBigUInt64BE(said.length + 8), 8n);
    t.is(spoken.sent().length, said.length + 18);
  });
}

test('a read-only export refuses what would change it', async (t) => {
  const spoken = await transmitting(memory(true));
  spoken.connection.receive(request({ command: write, data: Buffer.from('abc') }));
  await settle();
  t.is(spoken.sent().readUInt32BE(4), errors.EPERM);
});

test('a client that disconnects is answered first what is under way', async (t) => {
  const spoken = await transmitting(memory());
  spoken.connection.receive(
    Buffer.concat([request({ command: flush }), request({ command: commands.disconnect })]),
  );
  t.is(spoken.ended(), null);
  await settle();
  t.is(spoken.sent().length, 16);
  t.is(spoken.ended(), 'the client disconnected');
});

test('of many requests that came at once the first are answered before the last are begun', async (t) => {
  const disk = memory();
  const order: string[] = [];
  const carrier = {
    send: (pieces: readonly Uint8Array[]) => void (pieces.length && order.push('answer')),
    end: () => {},
    changed: () => {},
    later: () => void setImmediate(() => connection.resume()),
  };
  const spied = {
    ...disk,
    read: (offset: number, length: number) => {
      order.push('begin');
      return disk.read(offset, length);
    },
  };
  const connection = new NbdConnection(exportsOf(spied), carrier);
  connection.receive(Buffer.concat([flags(), option(1)]));
  order.length = 0;
  const many = Array.from({ length: 30 }, () => request({ command: read, length: 16 }));
  connection.receive(Buffer.concat([...many, request({ command: commands.disconnect })]));
  t.true(order.length < 30);
  connection.finish('the export ends');
  for (let turn = 0; turn < 30; turn++) await settle();
  t.is(order.filter((what) => what === 'answer').length, 30);
  t.true(order.indexOf('answer') < order.lastIndexOf('begin'));
});

test('requests that never end are not taken beyond a limit, and go on as others end', async (t) => {
  const waiting: (() => void)[] = [];
  const disk: NbdExport = {
    ...memory(),
    read: (_offset, length) =>
      new Promise((resolve) => waiting.push(() => resolve(Buffer.alloc(length)))),
  };
  const spoken = await transmitting(disk);
  const many = Array.from({ length: 2000 }, () => request({ command: read, length: 16 }));
  spoken.connection.receive(Buffer.concat(many));
  await settle();
  t.true(spoken.connection.isFull);
  t.is(waiting.length, 512);
  while (waiting.length > 0) {
    for (const end of waiting.splice(0)) end();
    await settle();
  }
  t.is(spoken.sent().length, 2000 * 32);
  t.false(spoken.connection.isFull);
});

test('a write longer than the limit, or no request at all, ends the connection', async (t) => {
  for (const [bytes, words] of [
    [request({ command: write, length: 33 * 1024 * 1024 }), 'a write of 34603008 bytes'],
    [Buffer.alloc(28, 3), 'not a request'],
  ] as const) {
    const spoken = await transmitting(memory());
    spoken.connection.receive(bytes);
    t.is(spoken.ended(), words);
  }
});

test('however the bytes are cut, requests are the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ offset: fc.nat(SIZE / 2), data: fc.uint8Array({ maxLength: 3000 }) }), {
        maxLength: 12,
      }),
      fc.array(fc.integer({ min: 1, max: 1500 }), { minLength: 1 }),
      async (writes, cuts) => {
        const disk = memory();
        const expected = Buffer.alloc(SIZE);
        const all = writes.map(({ offset, data }) => {
          expected.set(data, offset);
          return request({ command: write, offset, data: Buffer.from(data) });
        });
        const spoken = await transmitting(disk);
        const bytes = Buffer.concat(all);
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const cut = cuts[turn % cuts.length]!;
          spoken.connection.receive(bytes.subarray(at, at + cut));
          at += cut;
        }
        await settle();
        if (!disk.bytes.equals(expected)) throw new Error('other bytes were written');
        if (spoken.sent().length !== 16 * writes.length) throw new Error('not one answer each');
      },
    ),
    { numRuns: 60 },
  );
  t.pass();
});

test('no bytes make a connection throw or hang: it goes on, waits for more, or has ended', async (t) => {
  const sane = fc.oneof(
    fc.constantFrom(flags(), option(options.go, chosen()), option(options.list)),
    fc.record({ command: fc.nat(9), length: fc.nat(5000), flags: fc.nat(4) }).map(request),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
  let ends = 0;
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(sane, { maxLength: 30 }), async (whole, parts) => {
      const spoken = whole ? await transmitting(memory()) : speak(memory());
      for (const part of parts) spoken.connection.receive(part);
      await settle();
      if (spoken.ended() !== null) ends++;
    }),
    { numRuns: 1000 },
  );
  t.true(ends > 100, `${ends}`);
});

test('bytes that come one by one are gathered and take no more room than they are', (t) => {
  const pieces = new Pieces();
  const one = Buffer.from([5]);
  for (let count = 0; count < 100_000; count++) pieces.push(one);
  t.is(pieces.length, 100_000);
  const taken = pieces.takePieces(99_990);
  t.true(taken.length < 100, `${taken.length}`);
  t.is(
    Buffer.concat(taken).every((byte) => byte === 5),
    true,
  );
  t.is(pieces.take(10).length, 10);
  t.is(pieces.length, 0);
  t.throws(() => pieces.takePieces(1), { instanceOf: RangeError });
});
