/**
 * fuser: which processes use a mount point (psmisc 23.6). On a lab's server nothing but the cluster's
 * own programs runs, and none of them works within a mount: a mount is used by nobody. With -M what
 * is no mount point is refused; without it the whole root file system is meant (and every process).
 */
import { type Environment, failed, type Report } from '../environment.ts';
import { osCommand, Usage } from './host.ts';
import { mountsOf } from './mounted.ts';
import { processesHere } from './processes.ts';

async function run(env: Environment, args: string[]): Promise<Report> {
  const letters = args
    .filter((arg) => arg.startsWith('-'))
    .join('')
    .replaceAll('-', '');
  const strange = [...letters].find((letter) => !'kmMvicu'.includes(letter));
  if (strange !== undefined) throw new Usage(`Invalid option ${strange}`);
  const [path, more] = args.filter((arg) => !arg.startsWith('-'));
  if (path === undefined || more !== undefined) throw new Usage('No process specification given');
  const points = (await mountsOf(env)).flatMap(({ point, device }) => [point, device]);
  const isMount = points.includes(path);
  if (letters.includes('M') && !isMount) {
    return failed(`Specified filename ${path} is not a mountpoint.`);
  }
  if (isMount || !letters.includes('m')) return { code: 1, data: null, stdout: '', stderr: '' };
  if (letters.includes('k')) {
    return failed(`${path} is not mounted: that would end every process of ${env.server}; give -M`);
  }
  const pids = (await processesHere(env)).map(({ pid }) => ` ${pid}`).join('');
  return { code: 0, data: null, stdout: `${pids}\n`, stderr: `${path}:\n` };
}

export const fuser = osCommand(
  {
    name: 'fuser',
    summary: 'which processes use a mount point; -k ends them',
    usage: ['fuser [-M] [-k] -m POINT'],
    traits: (args) => {
      return { changes: args.some((arg) => /^-[a-zA-Z]*k/.test(arg)), endangers: true };
    },
    run,
  },
  { refused: 1, usage: 1 },
);
