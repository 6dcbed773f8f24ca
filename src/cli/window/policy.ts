/**
 * `window policy init | show | sign FILE | push`: what a cluster demands, from a YAML file that
 * people edit to a signed document that its servers hold.
 */
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { PolicyFileReport } from '../../schema/generated/reports/policy-file.ts';
import type { PolicyHeldReport } from '../../schema/generated/reports/policy-held.ts';
import { reportOf } from '../../service/report.ts';
import { policyNow, pushPolicy, showPolicy, signPolicy } from '../../service/window/policy.ts';
import { type Cli, table } from '../context.ts';
import { textOf } from '../run/wishes.ts';
import { contextOf, show as showReport } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { readPolicyFile, writePolicyFile } from './policy-file.ts';

async function init(cli: Cli, args: Args): Promise<number> {
  const file = textOf(args.out) ?? 'policy.yaml';
  const now = await policyNow(contextOf(cli, args));
  const todo = writePolicyFile(file, { ...now, who: cli.who, force: args.force === true });
  const data: PolicyFileReport = { schema: 'drydock.policy-file/1', file, todo };
  const exit = showReport(cli, reportOf(data), () => `${file}\n`);
  for (const line of todo) cli.say(line);
  cli.say(`edit ${file}, then: drydock window policy sign ${file}`);
  return exit;
}

async function sign(cli: Cli, args: Args, file: string | undefined): Promise<number> {
  if (file === undefined) {
    throw badInput('`window policy sign` needs the file', {
      code: 'usage',
      remedy: 'write drydock window policy sign policy.yaml',
    });
  }
  const draft = { file, read: (at: number) => readPolicyFile(file, at) };
  const report = await signPolicy(contextOf(cli, args), draft);
  const exit = showReport(cli, report, ({ file: path }) => `${path}\n`);
  cli.say('the cluster holds it after: drydock window policy push');
  return exit;
}

async function push(cli: Cli, args: Args): Promise<number> {
  const report = await pushPolicy(contextOf(cli, args));
  const { servers, version } = report.data;
  const exit = showReport(cli, report, () =>
    table(servers.map(({ server, why }) => [server, why ?? `holds version ${version}`])),
  );
  if (servers.every(({ why }) => why === null)) return exit;
  cli.say(cli.paint('yellow', 'not every server holds it; push again when they are up'));
  return exit;
}

function heldWords({ policy, servers }: PolicyHeldReport, cluster: string): string {
  const rows = servers.map(({ server, version, why }) => [
    server,
    why ?? (version === null ? 'holds no policy' : `holds version ${version}`),
  ]);
  if (!policy) return `no policy that can be believed\n${table(rows)}`;
  const people = policy.people.map(({ principal, logins, roles }) => [
    `  ${principal}`,
    (logins ?? []).join(', '),
    roles.join(' '),
  ]);
  return [
    `policy version ${policy.version} of ${cluster}, ${policy.at}\n`,
    `windows   ${policy.demandsWindow ? 'demanded' : 'not demanded'}\n`,
    `approvals ${policy.approvals}\n`,
    `freezes   ${(policy.freezes ?? []).map(({ name }) => name).join(', ') || 'none'}\n`,
    `anchors   ${(policy.anchors ?? []).join(', ') || 'none'}\n`,
    'people\n',
    table(people),
    table(rows),
  ].join('');
}

async function show(cli: Cli, args: Args): Promise<number> {
  const report = await showPolicy(contextOf(cli, args));
  const exit = showReport(cli, report, (data) => heldWords(data, report.cluster));
  const { passedOver, untrusted } = report.data;
  for (const why of passedOver) cli.say(cli.paint('yellow', `passed over: ${why}`));
  if (untrusted) cli.say(cli.paint('red', `it cannot be believed: ${untrusted}`));
  return exit;
}

const WORDS = ['init', 'show', 'sign', 'push'];

export async function policy(cli: Cli, args: Args): Promise<number> {
  const [word = 'show', file] = (args.words ?? []) as string[];
  switch (word) {
    case 'init':
      return init(cli, args);
    case 'show':
      return show(cli, args);
    case 'sign':
      return sign(cli, args, file);
    case 'push':
      return push(cli, args);
    default:
      throw badInput(`there is no 'window policy ${word}'`, {
        code: 'usage',
        remedy: suggestion(word, WORDS),
      });
  }
}
