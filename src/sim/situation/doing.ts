/** What is typed and written on a twin, by the words of a situation. */
import type { Answer, OperationRecord } from '../../ports/commands.ts';
import type { Written } from '../patterned-io.ts';
import type { SimServer } from '../sim-server.ts';
import type { Twin } from '../twin.ts';

/** What goes on meanwhile: nobody waits for it, and how it ends can be asked. */
export interface Begun {
  what: string;
  ended: Promise<unknown>;
}

export interface WriteWish {
  mirror: string;
  /** `active`: the server that has the mirror's device mounted. */
  server: string;
  first: number;
  count: number;
  /** False: as a page cache writes, which a power loss may drop. */
  isDurable: boolean;
}

function servedBy(twin: Twin, { mirror, server }: WriteWish): string {
  if (server !== 'active') return server;
  const resource = twin.config.resources.find(({ name }) => name === mirror);
  const device = resource?.parameters.nmppath;
  const serves = (one: SimServer) => one.state().mounts.some((mount) => mount.device === device);
  return (twin.servers.find(serves) ?? (twin.servers[0] as SimServer)).name;
}

export function writing(twin: Twin, wish: WriteWish): Promise<Written> {
  const { mirror, first, count, isDurable } = wish;
  return twin.io.write(mirror, servedBy(twin, wish), first, count, isDurable);
}

/** The command, and after each ` << ` a prompt and what is replied to it. */
export function orderOf(typed: string): { argv: string[]; answers: Answer[] } {
  const [command = '', ...replies] = typed.split(' << ');
  const answers = replies.map((part) => {
    const [prompt = '', reply = ''] = part.split('=');
    return { prompt, reply };
  });
  return { argv: command.split(' '), answers };
}

export function executed(
  twin: Twin,
  { server, typed }: { server: string; typed: string },
): Promise<OperationRecord> {
  return twin.order({ server, ...orderOf(typed) });
}

export function beginning(what: string, doing: Promise<unknown>): Begun {
  // Whoever asks how it ended sees it; nobody has to.
  doing.catch(() => undefined);
  return { what, ended: doing };
}
