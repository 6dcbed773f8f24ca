/**
 * Between the machinery and the host: what a command prints loses its secrets before the host sees
 * any of it, so that they are in no state, no record and no digest.
 */
import { Masking, NOTHING_HELD } from '../core/masking.ts';
import type { CommandEnd, CommandRun, Machinery } from '../ports/machinery.ts';

type Listener = Parameters<Machinery['spawnCommand']>[1];

export function maskedOutput(run: CommandRun, on: Listener): Listener {
  if (!run.secrets) return on;
  const masking = new Masking(new Map(Object.entries(run.secrets.values)));
  const held = { stdout: NOTHING_HELD, stderr: NOTHING_HELD };
  const pass = (stream: 'stdout' | 'stderr', added: string, isEnd: boolean) => {
    const taken = masking.take(held[stream], added, isEnd);
    held[stream] = taken.held;
    if (taken.text !== '') on.output(stream, taken.text);
  };
  return {
    output: (stream, text) => pass(stream, text, false),
    end: (end: CommandEnd) => {
      pass('stdout', '', true);
      pass('stderr', '', true);
      const answered = end.answered.map(({ prompt, reply }) => ({
        prompt: masking.all(prompt),
        reply,
      }));
      on.end({ ...end, answered });
    },
  };
}
