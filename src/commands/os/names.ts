/**
 * nslookup and dig: what the name server says (BIND 9.18). It knows the names that the cluster
 * registered (dynamic DNS resources; x5 2.12 collects both commands' output), and no others.
 *
 *                 found   no such name          nobody answers
 *     nslookup    0       1, NXDOMAIN           1
 *     dig         0       0, status NXDOMAIN    9
 */
import { RemoteError } from '../../ports/wire.ts';
import { done, type Environment, type Report } from '../environment.ts';
import { askHost, osCommand, Usage } from './host.ts';

const NO_ANSWER = 9;
const TTL = 60;

/** The address of a name; null: it is not known; undefined: nobody answers. */
async function lookUp(env: Environment, name: string): Promise<string | null | undefined> {
  try {
    const { text } = await askHost(env, { do: 'outside', op: 'look', kind: 'name', name });
    return text as string | null;
  } catch (error) {
    if (error instanceof RemoteError && error.code !== 'request.malformed') return undefined;
    throw error;
  }
}

export const nslookup = osCommand(
  {
    name: 'nslookup',
    summary: 'the address that a name stands for',
    usage: ['nslookup [-timeout=SECONDS] NAME'],
    traits: () => ({ changes: false }),
    async run(env, args): Promise<Report> {
      const strange = args.find(
        (arg) => arg.startsWith('-') && !/^-(timeout|retry)=\d+$/.test(arg),
      );
      if (strange !== undefined) throw new Usage(`Invalid option: ${strange.slice(1)}`);
      const [name] = args.filter((arg) => !arg.startsWith('-'));
      if (name === undefined) throw new Usage('name a host');
      const found = await lookUp(env, name);
      if (found === undefined) {
        return { ...done(';; connection timed out; no servers could be reached\n'), code: 1 };
      }
      if (found === null) {
        return { ...done(`** server can't find ${name}: NXDOMAIN\n`), code: 1 };
      }
      return done(`Name:\t${name}\nAddress: ${found}\n`);
    },
  },
  { refused: 1, usage: 1 },
);

const TYPES = ['a', 'aaaa', 'any', 'in'];

export const dig = osCommand(
  {
    name: 'dig',
    summary: 'what the name server says of a name',
    usage: ['dig [any|A|AAAA] [+time=SECONDS] [+short] NAME'],
    traits: () => ({ changes: false }),
    async run(env, args): Promise<Report> {
      const words = args.filter((arg) => !arg.startsWith('+') && !arg.startsWith('@'));
      const strange = words.find((word) => word.startsWith('-'));
      if (strange !== undefined) throw new Usage(`Invalid option: ${strange}`);
      const name = words.find((word) => !TYPES.includes(word.toLowerCase()));
      if (name === undefined) throw new Usage('name a host');
      const found = await lookUp(env, name);
      if (found === undefined) {
        return {
          ...done(';; connection timed out; no servers could be reached\n'),
          code: NO_ANSWER,
        };
      }
      if (args.includes('+short')) return done(found === null ? '' : `${found}\n`);
      const type = found?.includes(':') ? 'AAAA' : 'A';
      const answer =
        found === null ? '' : `;; ANSWER SECTION:\n${name}.\t${TTL}\tIN\t${type}\t${found}\n`;
      const status = found === null ? 'NXDOMAIN' : 'NOERROR';
      return done(`;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1\n${answer}`);
    },
  },
  { refused: NO_ANSWER, usage: 1 },
);
