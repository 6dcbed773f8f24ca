/** `lab`: the live cluster on this machine. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../core/errors.ts';
import { suggestion } from '../core/nearest.ts';
import type { Fault, ServicePart } from '../lab/faults.ts';
import { isLab, type Lab, labDown, labUp } from '../lab/lab.ts';
import { packageRoot } from '../runbook/package-root.ts';
import { words } from './asking.ts';
import { DEFAULT_LAB, labFolder, labNames, openLabOf } from './cluster.ts';
import { type Cli, print, table } from './context.ts';
import type { Args } from './verbs.ts';

const SHIPPED = ['v3le', 'x5mirror'];

/** A configuration that ships (by name) or one in a file. */
export function readConfiguration(given: string): { text: string; file: string } {
  const shipped = join(packageRoot(), 'fixtures', 'clusters', `${given}.clp.conf`);
  const file = !given.includes('/') && existsSync(shipped) ? shipped : given;
  try {
    return { text: readFileSync(file, 'utf8'), file };
  } catch (cause) {
    throw badInput(`cannot read the configuration ${given}`, {
      code: 'file.unreadable',
      remedy: `give a clp.conf, or one of ${SHIPPED.join(', ')}`,
      cause,
    });
  }
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
  const size = typeof args.size === 'number' ? { dataBytes: args.size * 1024 * 1024 } : {};
  const automatic =
    typeof args.autoRecovery === 'boolean' ? { autoRecovery: args.autoRecovery } : {};
  const lab = await labUp({
    folder,
    configText: text,
    configFile: file,
    ...size,
    ...automatic,
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

function need(list: string[], index: number, what: string, usage: string): string {
  const word = list[index];
  if (word !== undefined) return word;
  throw badInput(`${what} is missing`, { code: 'usage', remedy: `write \`drydock lab ${usage}\`` });
}

const LINK_FAULTS = ['cut', 'heal', 'delay'];
const SERVER_FAULTS: Record<string, 'kill' | 'powerOn' | 'reset' | 'freeze' | 'thaw'> = {
  kill: 'kill',
  'power-on': 'powerOn',
  reset: 'reset',
  freeze: 'freeze',
  thaw: 'thaw',
};
const PROCESS_FAULTS: Record<string, 'killProcess' | 'stopProcess' | 'continueProcess'> = {
  'kill-process': 'killProcess',
  'stop-process': 'stopProcess',
  'continue-process': 'continueProcess',
};

function linkFault(list: string[], args: Args): Fault {
  const kind = list[0] as 'cut' | 'heal' | 'delay';
  const usage = `fault ${kind} NET FROM [TO]`;
  const to = list[3] === undefined ? {} : { to: list[3] };
  const ends = {
    net: need(list, 1, 'the net (lan0, mdc400, bmc, control …)', usage),
    from: need(list, 2, 'the server', usage),
    ...to,
    oneWay: args.oneWay === true,
  };
  if (kind !== 'delay') return { kind, ...ends };
  if (typeof args.ms === 'number' && args.ms >= 0) return { kind, ...ends, ms: args.ms };
  throw badInput('a delay needs --ms', {
    code: 'usage',
    remedy: `write \`drydock lab ${usage} --ms 50\``,
  });
}

/** The words behind `lab fault` as a fault; the whole of them is checked before anything is done. */
export function faultFrom(list: string[], args: Args): Fault {
  const kind = need(list, 0, 'the fault', 'fault KIND …');
  if (LINK_FAULTS.includes(kind)) return linkFault(list, args);
  const server = need(list, 1, 'the server', `fault ${kind} SERVER`);
  const onServer = SERVER_FAULTS[kind];
  if (onServer) return { kind: onServer, server };
  const onProcess = PROCESS_FAULTS[kind];
  if (onProcess) {
    const part = need(list, 2, 'the program (daemon or agent)', `fault ${kind} ${server} daemon`);
    if (part === 'daemon' || part === 'agent')
      return { kind: onProcess, server, part: part as ServicePart };
    throw badInput(`there is no program '${part}'`, { code: 'usage', remedy: 'daemon or agent' });
  }
  if (kind === 'fail-disk' || kind === 'heal-disk') {
    const device = need(list, 2, 'the disk', `fault ${kind} ${server} /dev/sdb`);
    return { kind: kind === 'fail-disk' ? 'failDisk' : 'healDisk', server, device };
  }
  const known = [
    ...LINK_FAULTS,
    ...Object.keys(SERVER_FAULTS),
    ...Object.keys(PROCESS_FAULTS),
    'fail-disk',
    'heal-disk',
  ];
  throw badInput(`there is no fault '${kind}'`, { code: 'usage', remedy: suggestion(kind, known) });
}

async function exec(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const server = need(list, 0, 'the server', 'exec SERVER -- COMMAND …');
  const argv = [...list.slice(1), ...words(args['--'])];
  need(argv, 0, 'the command', 'exec SERVER -- COMMAND …');
  const record = await lab.exec(server, argv);
  print(cli, { schema: 'drydock.operation/1', ...record }, () => record.stdout);
  if (!cli.json && record.stderr) cli.say(record.stderr.trimEnd());
  return record.exitCode ?? 1;
}

async function io(cli: Cli, lab: Lab, args: Args, list: string[]): Promise<number> {
  const what = need(list, 0, 'write, verify or compare', 'io write MIRROR');
  const mirror = need(list, 1, 'the mirror disk', `io ${what} MIRROR`);
  if (what === 'write') {
    const written = await lab.io.write(mirror, {
      blocks: typeof args.count === 'number' ? args.count : 16,
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
  cli.say(`medium ${name} lies beside ${server}; a runbook's insertMedium puts it in`);
  return 0;
}

async function showStatus(cli: Cli, lab: Lab): Promise<number> {
  const cables = await lab.cables();
  const document = {
    schema: 'drydock.lab-status/1',
    folder: lab.folder,
    servers: lab.servers,
    ...cables,
  };
  print(cli, document, () => {
    const broken = cables.links.map((link) => `cable: ${JSON.stringify(link)}\n`).join('');
    return `${lab.folder}\nlistening: ${cables.registered.join(', ')}\n${broken}`;
  });
  return 0;
}

export async function lab(cli: Cli, args: Args): Promise<number> {
  if (args.what === 'up') return up(cli, args);
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
        cli.out(`${opened.path(need(list, 0, 'the server', 'path SERVER'))}\n`);
        return 0;
      case 'io':
        return await io(cli, opened, args, list);
      case 'medium':
        return await medium(cli, opened, args, list);
      default:
        await opened.fault(faultFrom(list, args));
        cli.say(`done: ${list.join(' ')}`);
        return 0;
    }
  } finally {
    opened.close();
  }
}
