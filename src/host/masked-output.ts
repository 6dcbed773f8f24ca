/**
 * Between the machinery and the host: what a command prints loses its secrets before the host sees
 * any of it, so that they are in no state, no record and no digest. Secrets are what the order
 * brought, and what the server's clp.conf held as the command began.
 */
import { secretsIn } from '../config/index.ts';
import { Masking, NOTHING_HELD } from '../core/masking.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import { perText } from '../core/per-text.ts';
import type { Secrets } from '../core/secrets.ts';
import type { LogFiles } from '../ports/files.ts';
import type { CommandEnd, CommandRun, Machinery } from '../ports/machinery.ts';

type Listener = Parameters<Machinery['spawnCommand']>[1];

const secretsOf = perText(secretsIn);

/** None where there is no file, or one that nobody can read: it gives no command anything either. */
async function configured(files: LogFiles): Promise<Secrets> {
  try {
    const text = await files.read(CONFIG_PATH);
    return text === null ? new Map() : secretsOf(text, CONFIG_PATH);
  } catch {
    return new Map();
  }
}

function without(secrets: Secrets, on: Listener): Listener {
  if (secrets.size === 0) return on;
  const masking = new Masking(secrets);
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

/** What comes before the configuration is read waits for it. */
export function maskedOutput(run: CommandRun, files: LogFiles, on: Listener): Listener {
  const given = Object.entries(run.secrets?.values ?? {});
  let to: Listener | null = null;
  const waiting: ((to: Listener) => void)[] = [];
  void configured(files).then((known) => {
    to = without(new Map([...known, ...given]), on);
    for (const say of waiting.splice(0)) say(to);
  });
  const tell = (say: (to: Listener) => void): void => {
    if (to) say(to);
    else waiting.push(say);
  };
  return {
    output: (stream, text) => tell((one) => one.output(stream, text)),
    end: (end) => tell((one) => one.end(end)),
  };
}
