/** `lab`: the live cluster on this machine. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { topologyOf } from '../../change/topology.ts';
import { textOfBytes } from '../../core/byte-text.ts';
import { badInput } from '../../core/errors.ts';
import { isLab, type Lab, labDown, labUp } from '../../lab/lab.ts';
import { RemoteError } from '../../ports/wire.ts';
import { packageRoot } from '../../runbook/language/package-root.ts';
import { recordCommand } from '../../service/notes.ts';
import { askToType } from '../../service/typed.ts';
import { DEFAULT_LAB, labFolder, labNames, openLabOf } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import { contextOf } from '../serving.ts';
import type { Args } from '../verbs/args.ts';
import { words } from '../words/asking.ts';
import { faultFrom, need } from './faults.ts';

const SHIPPED = ['v3le', 'x5mirror'];

/** A configuration that ships (by name) or one in a file. */
export function readConfiguration(given: string): { text: string; file: string } {
  const shipped = join(packageRoot(), 'fixtures', 'clusters', `${given}.clp.conf`);
  const file = !given.includes('/') && existsSync(shipped) ? shipped : given;
  try {
    return { text: textOfBytes(readFileSync(file)), file };
  } catch (cause) {
    throw badInput(`cannot read the configuration ${given}`, {
      code: 'file.unreadable',
      remedy: `give a clp.conf, or one of ${SHIPPED.join(', ')}`,
      cause,
    });
  }
}

/** A number option that must be a whole number above zero; null when it was not given. */
function positive(given: unknown, option: string): number | null {
  if (typeof given !== 'number') return null;
  if (Number.isInteger(given) && given > 0) return given;
  throw badInput(`--${option} ${given} is not a whole number above zero`, {
    code: 'usage',
    remedy: `write --${option} 16`,
  });
}

async function up(cli: Cli, args: Args): Promise<number> {
  const { text, file } = readConfiguration(String(args.config ?? 'v3le'));
  const given = typeof args.cluster === 'string';
  const folder = given ? labFolder(cli, args) : labFolder(cli, { cluster: DEFAULT_LAB });
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
    realMounts: args.realMounts === true,
    onProgress: (line) => cli.say(line),
  });
  const { servers, config } = lab;
  lab.close();
  print(
    cli,
    { schema: 'drydock.lab/1', folder, servers, cluster: config.name },
    () => `${folder}\n`,
  );
  cli.say(`${config.name} is up: ${servers.join(', ')}; \`drydock status\` shows it`);
  return 0;
}

async function down(cli: Cli, args: Args): Promise<number> {
  const folders =
    args.cluster === undefined
      ? labNames(cli).map((name) => join(cli.home, 'lab', name))
      : [labFolder(cli, args)];
  const results = [];
  for (const folder of folders) results.push({ folder, ...(await labDown(folder)) });
  print(cli, { schema: 'drydock.lab-down/1', labs: results }, () => '');
  cli.say(
    results.length ? `down: ${results.map(({ folder }) => folder).join(', ')}` : 'no lab is up',
  );
  return 0;
}

async function exec(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const server = need(list, 0, 'the server', 'exec SERVER -- COMMAND …');
  const argv = [...list.slice(1), ...words(args['--'])];
  need(argv, 0, 'the command', 'exec SERVER -- COMMAND …');
  const ctx = contextOf(cli, args);
  const { clock } = lab;
  const authority = await askToType(
    ctx,
    { topology: topologyOf(lab.config), clock, door: lab.door() },
    { server, argv, who: cli.who },
  );
  const ran = await recordCommand(ctx);
  const record = await lab.exec(server, argv, { authority });
  const { exitCode, stdout, stderr } = record;
  await ran({ via: 'lab exec', server, argv, exitCode, output: { stdout, stderr } });
  print(cli, { schema: 'drydock.operation/1', ...record }, () => record.stdout);
  if (!cli.json && record.stderr) cli.say(record.stderr.trimEnd());
  return record.refused ? 4 : (record.exitCode ?? 1);
}

async function io(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const what = need(list, 0, 'write, verify or compare', 'io write MIRROR');
  const mirror = need(list, 1, 'the mirror disk', `io ${what} MIRROR`);
  if (what === 'write') {
    const written = await lab.io.write(mirror, {
      blocks: positive(args.count, 'count') ?? 16,
    });
    print(
      cli,
      { schema: 'drydock.lab-io/1', what, mirror, ...written },
      () => `${written.blocks} blocks written on ${written.server}, all acknowledged\n`,
    );
    return 0;
  }
  if (what === 'verify') {
    const verdict = await lab.io.verify(mirror);
    print(cli, { schema: 'drydock.lab-io/1', what, mirror, ...verdict }, () =>
      verdict.wrong.length
        ? table(
            verdict.wrong.map((one) => [
              `block ${one.block}`,
              `expected ${one.expected}`,
              `found ${one.found}`,
            ]),
          )
        : `${verdict.checked} blocks are on ${verdict.server} as acknowledged\n`,
    );
    return verdict.wrong.length ? 1 : 0;
  }
  if (what === 'compare') {
    const compared = await lab.io.compareCopies(mirror);
    print(cli, { schema: 'drydock.lab-io/1', what, mirror, ...compared }, () =>
      compared.identical
        ? `both copies hold the same ${compared.bytes} bytes\n`
        : `${compared.differingBlocks} blocks differ, the first at byte ${compared.first}\n`,
    );
    return compared.identical ? 0 : 1;
  }
  throw badInput(`there is no 'io ${what}'`, { code: 'usage', remedy: 'write, verify or compare' });
}

async function medium(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const usage = 'medium SERVER NAME --config FILE';
  const server = need(list, 0, 'the server', usage);
  const name = need(list, 1, 'a name for the medium', usage);
  const { text } = readConfiguration(String(args.config ?? 'v3le'));
  const format = args.format === 'windows' ? 'windows' : 'linux';
  await lab.putMedium(server, name, { label: name, format, files: { 'clp.conf': text } });
  print(cli, { schema: 'drydock.lab-medium/1', server, name, format }, () => '');
  cli.say(`medium ${name} lies beside ${server}; a runbook's insertMedium puts it in`);
  return 0;
}

/** How to see what is mounted for real on a server: it is in a mount namespace of its own. */
function namespaceOf({ file }: Lab, server: string): string {
  const host = file.processes.find(({ name }) => name === `host of ${server}`);
  return `real mounts of ${server}: nsenter --mount --target ${host?.mark.pid} -- mount\n`;
}

async function showStatus(cli: Cli, lab: Lab): Promise<number> {
  const cables = await lab.cables();
  const document = {
    schema: 'drydock.lab-status/1',
    folder: lab.folder,
    servers: lab.servers,
    realMounts: lab.file.realMounts === true,
    ...cables,
  };
  print(cli, document, () => {
    const broken = cables.links.map((link) => `cable: ${JSON.stringify(link)}\n`).join('');
    const mounts = document.realMounts ? lab.servers.map((one) => namespaceOf(lab, one)) : [];
    const head = `${lab.folder}\nlistening: ${cables.registered.join(', ')}\n`;
    return `${head}${mounts.join('')}${broken}`;
  });
  return 0;
}

function showPath(cli: Cli, lab: Lab, list: string[]): number {
  const server = need(list, 0, 'the server', 'path SERVER');
  const path = lab.path(server);
  print(cli, { schema: 'drydock.lab-path/1', server, path }, () => `${path}\n`);
  return 0;
}

async function fault(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const wanted = faultFrom(list, args, lab.config);
  const ran = await recordCommand(contextOf(cli, args));
  const told = (exitCode: number) =>
    ran({ via: 'lab fault', server: null, argv: list, exitCode, output: null });
  try {
    await lab.fault(wanted);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    await told(2);
    throw badInput(`the fault cannot be done: ${error.message}`, {
      code: error.code,
      cause: error,
    });
  }
  await told(0);
  print(cli, { schema: 'drydock.lab-fault/1', fault: wanted }, () => '');
  cli.say(`done: ${list.join(' ')}`);
  return 0;
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
  const opened = openLabOf(cli, args).lab;
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
