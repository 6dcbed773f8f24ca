/**
 * The small programs that scripts and people expect to find anywhere. A shell of the machine that acts
 * on a lab server finds the machine's own, which can do more.
 */
import { sleep as sleepOn } from '../../ports/clock.ts';
import { done, failed, type Report } from '../environment.ts';
import { isThere, readPath } from './beside-files.ts';
import { osCommand, Usage, unknownOption } from './host.ts';

function refuseOptions(args: string[]): void {
  const option = args.find((arg) => arg.startsWith('-') && arg !== '-');
  if (option) throw unknownOption(option);
}

/** Files and devices here are durable when a write returns: nothing is left to flush. */
export const sync = osCommand({
  name: 'sync',
  kind: 'usual',
  summary: 'everything written is durable',
  usage: ['sync'],
  traits: () => ({ changes: false }),
  async run(_env, args) {
    refuseOptions(args);
    return done();
  },
});

export const cat = osCommand({
  name: 'cat',
  kind: 'usual',
  summary: "print files of this server's tree",
  usage: ['cat FILE…'],
  traits: () => ({ changes: false }),
  async run(env, args) {
    refuseOptions(args);
    if (args.length === 0) throw new Usage('name a file');
    const report: Report = { code: 0, data: null, stdout: '', stderr: '' };
    for (const path of args) {
      const text = path.startsWith('/') ? await readPath(env, path) : null;
      if (text === null) {
        report.code = 1;
        report.stderr += `cat: ${path}: no such file\n`;
      } else report.stdout += text;
    }
    return report;
  },
});

export const ls = osCommand({
  name: 'ls',
  kind: 'usual',
  summary: "names in a folder of this server's tree",
  usage: ['ls [PATH]'],
  traits: () => ({ changes: false }),
  async run(env, args) {
    refuseOptions(args);
    const [path = '/', more] = args;
    if (more || !path.startsWith('/')) throw new Usage('name one absolute path');
    const names = await env.files.list(path);
    if (names.length > 0) return done(`${names.join('\n')}\n`);
    const isFile = (await env.files.read(path).catch(() => null)) !== null;
    if (isFile) return done(`${path}\n`);
    return (await isThere(env, path))
      ? done()
      : failed(`ls: cannot access '${path}': No such file or directory`, 2);
  },
});

export const echo = osCommand({
  name: 'echo',
  kind: 'usual',
  summary: 'print the arguments',
  usage: ['echo [WORD…]'],
  traits: () => ({ changes: false }),
  run: async (_env, args) => done(`${args.join(' ')}\n`),
});

export const yes = osCommand({
  name: 'true',
  kind: 'usual',
  summary: 'succeed',
  usage: ['true'],
  traits: () => ({ changes: false }),
  run: async () => done(),
});

export const no = osCommand({
  name: 'false',
  kind: 'usual',
  summary: 'fail',
  usage: ['false'],
  traits: () => ({ changes: false }),
  run: async () => ({ code: 1, data: null, stdout: '', stderr: '' }),
});

export const sleep = osCommand({
  name: 'sleep',
  kind: 'usual',
  summary: 'wait for that many seconds',
  usage: ['sleep SECONDS'],
  traits: () => ({ changes: false }),
  async run(env, args) {
    const [seconds = '', more] = args;
    if (!/^\d+(\.\d+)?s?$/.test(seconds) || more) throw new Usage('say how many seconds');
    await sleepOn(env.clock, Number.parseFloat(seconds) * 1000);
    return done();
  },
});
