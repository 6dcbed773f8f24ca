/**
 * site-run: runs a program of the site, a script that it keeps on its servers in SITE_PATH. What the
 * script does nobody here knows, so it always passes the gate, and a twin takes it to succeed. Clp
 * commands that the script runs are judged by themselves, as typed by whoever the script runs as.
 *
 * Exit: the script's own, from 0 to 123; 1 above that; 124 when it was not over in time.
 */
import { siteProgramPath } from '../../core/paths.ts';
import { NO_SUCH_PROGRAM, TIMED_OUT } from '../../ports/machinery.ts';
import { type Environment, failed, type Report } from '../environment.ts';
import { osCommand, Usage } from './host.ts';

/** Below the time that a step has by itself: whoever is killed for the time leaves it running. */
const LIMIT_S = 240;
const MOST_S = 24 * 3600;
const MOST_EXIT = 123;

function parse(args: readonly string[]): { name: string; given: string[]; limitMs: number } {
  const [first, limit, ...after] = args;
  const isLimited = first === '-w';
  const seconds = isLimited ? Number(limit) : LIMIT_S;
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > MOST_S) {
    throw new Usage(`-w takes seconds, from 1 to ${MOST_S}`);
  }
  const [name = '', ...given] = isLimited ? after : args;
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name)) {
    throw new Usage('name a program of the site: small letters, figures, dashes');
  }
  return { name, given, limitMs: seconds * 1000 };
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const { name, given, limitMs } = parse(args);
  const path = siteProgramPath(name);
  const { code, timedOut, output } = await env.runScript(path, {}, limitMs, given);
  const report: Report = { code: code ?? 1, data: null, stdout: output, stderr: '' };
  if (timedOut) return { ...report, ...failed(`${name} was not over in time`, TIMED_OUT) };
  if (code === NO_SUCH_PROGRAM) {
    return failed(`${env.server} cannot run ${path}: see that it is there`);
  }
  return { ...report, code: Math.min(report.code, MOST_EXIT + 1) > MOST_EXIT ? 1 : report.code };
}

export const siteRun = osCommand({
  name: 'site-run',
  summary: 'Runs a program of the site, which it keeps on this server',
  usage: ['site-run [-w SECONDS] NAME [ARGUMENT…]'],
  traits: () => ({ changes: true, silent: true, isSites: true }),
  run,
});
