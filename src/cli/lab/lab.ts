/** `lab`: the live cluster on this machine. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { textOfBytes } from '../../core/byte-text.ts';
import { badInput } from '../../core/errors.ts';
import { isLab, type Lab, labDown, labUp } from '../../lab/lab.ts';
import type { LabReport } from '../../schema/generated/reports/lab.ts';
import type { LabDownReport } from '../../schema/generated/reports/lab-down.ts';
import {
  compareCopies,
  doFault,
  execOn,
  labStatus,
  pathOf,
  putMedium,
  verifyBlocks,
  writeBlocks,
} from '../../service/lab.ts';
import { reportOf } from '../../service/report.ts';
import { findCluster, findIfAny } from '../cluster/cluster.ts';
import { type Cli, table } from '../context.ts';
import { contextOf, show } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { readConfiguration } from '../words/reading-configuration.ts';
import { faultFrom, need } from './faults.ts';
import { labFolderOf, labKind, labsFolder, openLabAt } from './kind.ts';

const DEFAULT_LAB = 'default';

/** A number option that must be a whole number above zero; null when it was not given. */
function positive(given: unknown, option: string): number | null {
  if (typeof given !== 'number') return null;
  if (Number.isInteger(given) && given > 0) return given;
  throw badInput(`--${option} ${given} is not a whole number above zero`, {
    code: 'usage',
    remedy: `write --${option} 16`,
  });
}

/** The scripts of a folder, which are what `what` says. */
function readScripts(folder: string, what: string): Record<string, string> {
  try {
    const names = readdirSync(folder).filter((name) => name.endsWith('.sh'));
    return Object.fromEntries(
      names.map((name) => [name, textOfBytes(readFileSync(join(folder, name)))]),
    );
  } catch (cause) {
    throw badInput(`cannot read the scripts in ${folder}`, {
      code: 'file.unreadable',
      remedy: `give a folder with ${what}`,
      cause,
    });
  }
}

/** The folder that a name means, whether or not a lab is there yet. */
async function folderFor(cli: Cli, given: string): Promise<string> {
  if (given.includes('/')) return resolve(given);
  const found = await findIfAny(cli, { cluster: given });
  return found ? labFolderOf(found) : join(labsFolder(cli.home), given);
}

async function up(cli: Cli, args: Args): Promise<number> {
  const { text, file } = readConfiguration(String(args.config ?? 'v3le'));
  const folder = await folderFor(cli, String(args.cluster ?? DEFAULT_LAB));
  if (isLab(folder)) {
    throw badInput(`there is a lab in ${folder}`, {
      code: 'lab.exists',
      remedy: 'take it down with `drydock lab down`, or name another with --cluster',
    });
  }
  const mebibytes = positive(args.size, 'size');
  const size = mebibytes === null ? {} : { dataBytes: mebibytes * 1024 * 1024 };
  const automatic =
    typeof args.autoRecovery === 'boolean' ? { autoRecovery: args.autoRecovery } : {};
  const lab = await labUp({
    folder,
    configText: text,
    configFile: file,
    ...size,
    ...automatic,
    ...(args.agents === undefined
      ? {}
      : { agents: readScripts(String(args.agents), 'a script TYPE.sh for each type') }),
    ...(args.programs === undefined
      ? {}
      : { programs: readScripts(String(args.programs), 'a script NAME.sh for each program') }),
    realMounts: args.realMounts === true,
    ...(args.powerControl === undefined ? {} : { powerControl: String(args.powerControl) }),
    onProgress: (line) => cli.say(line),
  });
  const { servers, config } = lab;
  lab.close();
  const data: LabReport = { schema: 'drydock.lab/1', folder, servers, cluster: config.name };
  const exit = show(cli, reportOf(data), () => `${folder}\n`);
  cli.say(`${config.name} is up: ${servers.join(', ')}; \`drydock status\` shows it`);
  return exit;
}

async function down(cli: Cli, args: Args): Promise<number> {
  const folders =
    args.cluster === undefined
      ? labKind.own(cli.home).map(({ place }) => place)
      : [await folderFor(cli, String(args.cluster))];
  const labs: LabDownReport['labs'] = [];
  for (const folder of folders) labs.push({ folder, ...(await labDown(folder)) });
  const exit = show(cli, reportOf({ schema: 'drydock.lab-down/1', labs }), () => '');
  cli.say(labs.length ? `down: ${labs.map(({ folder }) => folder).join(', ')}` : 'no lab is up');
  return exit;
}

async function exec(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const server = need(list, 0, 'the server', 'exec SERVER -- COMMAND …');
  const argv = [...list.slice(1), ...words(args['--'])];
  need(argv, 0, 'the command', 'exec SERVER -- COMMAND …');
  const report = await execOn(contextOf(cli, args), lab, { server, argv });
  const exit = show(cli, report, ({ stdout }) => stdout);
  const { stderr } = report.data;
  if (!cli.json && stderr) cli.say(stderr.trimEnd());
  return exit;
}

async function io(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const what = need(list, 0, 'write, verify or compare', 'io write MIRROR');
  const mirror = need(list, 1, 'the mirror disk', `io ${what} MIRROR`);
  if (what === 'write') {
    const report = await writeBlocks(lab, mirror, positive(args.count, 'count') ?? 16);
    return show(cli, report, ({ blocks, server }) => {
      return `${blocks} blocks written on ${server}, all acknowledged\n`;
    });
  }
  if (what === 'verify') {
    return show(cli, await verifyBlocks(lab, mirror), ({ wrong, checked, server }) =>
      wrong.length
        ? table(
            wrong.map(({ block, expected, found }) => [
              `block ${block}`,
              `expected ${expected}`,
              `found ${found}`,
            ]),
          )
        : `${checked} blocks are on ${server} as acknowledged\n`,
    );
  }
  if (what === 'compare') {
    return show(cli, await compareCopies(lab, mirror), (found) =>
      found.identical
        ? `both copies hold the same ${found.bytes} bytes\n`
        : `${found.differingBlocks} blocks differ, the first at byte ${found.first}\n`,
    );
  }
  throw badInput(`there is no 'io ${what}'`, { code: 'usage', remedy: 'write, verify or compare' });
}

async function medium(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const usage = 'medium SERVER NAME --config FILE';
  const server = need(list, 0, 'the server', usage);
  const name = need(list, 1, 'a name for the medium', usage);
  const { text } = readConfiguration(String(args.config ?? 'v3le'));
  const format = args.format === 'windows' ? 'windows' : 'linux';
  const exit = show(cli, await putMedium(lab, { server, name, format, text }), () => '');
  cli.say(`medium ${name} lies beside ${server}; a runbook's insertMedium puts it in`);
  return exit;
}

/** How to see what is mounted for real on a server: it is in a mount namespace of its own. */
function namespaceOf({ file }: Lab, server: string): string {
  const host = file.processes.find(({ name }) => name === `host of ${server}`);
  return `real mounts of ${server}: nsenter --mount --target ${host?.mark.pid} -- mount\n`;
}

async function showStatus(cli: Cli, lab: Lab): Promise<number> {
  return show(cli, await labStatus(lab), ({ folder, servers, realMounts, registered, links }) => {
    const broken = links.map((link) => `cable: ${JSON.stringify(link)}\n`).join('');
    const mounts = realMounts ? servers.map((one) => namespaceOf(lab, one)) : [];
    const head = `${folder}\nlistening: ${registered.join(', ')}\n`;
    return `${head}${mounts.join('')}${broken}`;
  });
}

function showPath(cli: Cli, lab: Lab, list: string[]): number {
  const server = need(list, 0, 'the server', 'path SERVER');
  return show(cli, pathOf(lab, server), ({ path }) => `${path}\n`);
}

async function fault(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const wanted = faultFrom(list, args, lab.config);
  const report = await doFault(contextOf(cli, args), lab, { fault: wanted, argv: list });
  const exit = show(cli, report, () => '');
  cli.say(`done: ${list.join(' ')}`);
  return exit;
}

export async function lab(cli: Cli, args: Args): Promise<number> {
  if (args.what === 'up') return up(cli, args);
  if (args.realMounts !== undefined) {
    throw badInput('--real-mounts goes with `lab up`', {
      code: 'usage',
      remedy: 'a lab keeps what it was brought up with: take it down and up again',
    });
  }
  if (args.what === 'down') return down(cli, args);
  const list = words(args.words);
  const opened = openLabAt(await findCluster(cli, args));
  try {
    switch (args.what) {
      case 'status':
        return await showStatus(cli, opened);
      case 'exec':
        return await exec(cli, opened, args, list);
      case 'path':
        return showPath(cli, opened, list);
      case 'io':
        return await io(cli, opened, args, list);
      case 'medium':
        return await medium(cli, opened, args, list);
      default:
        return await fault(cli, opened, args, list);
    }
  } finally {
    opened.close();
  }
}
