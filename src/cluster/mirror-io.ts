/**
 * Patterned data written and read through a mirror's agent, as an application's blocks would go.
 * Lab and twin write the same blocks the same way; they differ in where the record is stored and
 * in what becomes of a write that was not acknowledged.
 */
import type { JsonObject } from '../core/json.ts';
import type { Wire } from '../ports/wire.ts';
import { BLOCK_BYTES, makeBlock, type Problem, problemOf } from './pattern.ts';
import type { WriteRecord } from './write-record.ts';

const READ_TIMEOUT_MS = 30_000;
/** Blocks read in one request while verifying. */
const READ_BLOCKS = 64;

/** A mirror as it is served by one server. */
export interface Served {
  wire: Wire;
  server: string;
  mirror: string;
  record: WriteRecord;
}

/**
 * One write of `count` blocks; rejects when it is not acknowledged. Its sequence number. Not
 * `durable`: without a flush, so that the record only says that it was sent.
 */
export async function writeBlocks(
  { wire, server, mirror, record }: Served,
  first: number,
  count: number,
  timeoutMs: number,
  durable = true,
): Promise<number> {
  const numbers = Array.from({ length: count }, (_, at) => first + at);
  const sequence = record.nextSequence();
  const blocks = numbers.map((number) => makeBlock(mirror, number, sequence));
  const data = Buffer.concat(blocks).toString('base64');
  record.sent(numbers, sequence);
  const unflushed = durable ? {} : { durable };
  const body = { do: 'write', mirror, offset: first * BLOCK_BYTES, data, ...unflushed };
  await wire.request({ server, part: 'agent' }, body, timeoutMs);
  if (durable) record.acknowledged(numbers, sequence);
  return sequence;
}

/** Reads every block ever written and lists those that are not as the record says. */
export async function verifyBlocks(served: Served): Promise<({ block: number } & Problem)[]> {
  const { wire, server, mirror, record } = served;
  const wrong: ({ block: number } & Problem)[] = [];
  const numbers = [...record.blocks.keys()].sort((a, b) => a - b);
  for (let at = 0; at < numbers.length; ) {
    const first = numbers[at] as number;
    let count = 1;
    while (count < READ_BLOCKS && numbers[at + count] === first + count) count += 1;
    const range = { offset: first * BLOCK_BYTES, length: count * BLOCK_BYTES };
    const body = { do: 'read', mirror, ...range };
    const answer = await wire.request({ server, part: 'agent' }, body, READ_TIMEOUT_MS);
    const bytes = Buffer.from((answer as JsonObject & { data: string }).data, 'base64');
    for (let block = first; block < first + count; block += 1) {
      const one = bytes.subarray((block - first) * BLOCK_BYTES).subarray(0, BLOCK_BYTES);
      const problem = problemOf(mirror, block, one, record.blocks.get(block) as never);
      if (problem) wrong.push({ block, ...problem });
    }
    at += count;
  }
  return wrong;
}
