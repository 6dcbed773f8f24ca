/**
 * A daemon's durable facts in a file. Saving does not make a heartbeat wait: it is written in the
 * background, the newest last; what was saved within the last moments before a crash may be lost.
 */
import { readFileSync } from 'node:fs';
import { OWNER_ONLY, writeDurably } from '../adapters/durable-file.ts';
import type { Json } from '../core/json.ts';
import type { FactsStore } from '../engine/index.ts';

const AGAIN_MS = 1_000;

export function factsFile(path: string, onError: (error: Error) => void): FactsStore {
  let newest: Json | undefined;
  let writing: Promise<void> | null = null;
  const write = async () => {
    while (newest !== undefined) {
      const facts = newest;
      newest = undefined;
      try {
        await writeDurably(path, `${JSON.stringify(facts)}\n`, { mode: OWNER_ONLY });
      } catch (error) {
        onError(error as Error);
        newest ??= facts;
        break;
      }
    }
    writing = null;
    // A full disk loses no fact for good; a program that ends does not wait for it.
    if (newest !== undefined) setTimeout(() => (writing ??= write()), AGAIN_MS).unref();
  };
  return {
    load() {
      try {
        return JSON.parse(readFileSync(path, 'utf8')) as Json;
      } catch {
        // Missing or torn: the daemon starts without them, as on its first day.
        return null;
      }
    },
    save(facts) {
      newest = facts;
      writing ??= write();
    },
    settled: () => writing ?? Promise.resolve(),
  };
}
