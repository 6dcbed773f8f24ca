/**
 * The stage of the window scenarios: people with keys of their own, a control host whose cluster is
 * a lab, a desk that knows no cluster, and a mailbox between them. What differs from one playing to
 * the next (times, hashes, names of runs and of this machine) is told by a word in its place.
 */
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa, execaSync } from 'execa';

const program = fileURLToPath(new URL('../../dist/drydock.js', import.meta.url));
const PEOPLE = ['rosa', 'ines', 'ana', 'abe', 'ada', 'mallory'];

export interface Stage {
  /** One line of a scenario; what it printed and how it ended, in lines. */
  play(line: string): Promise<string[]>;
}

function makeKeys(folder: string): void {
  for (const name of PEOPLE) {
    const words = ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', join(folder, name)];
    execaSync('ssh-keygen', words);
  }
}

function publicKey(folder: string, name: string): string {
  return readFileSync(join(folder, `${name}.pub`), 'utf8')
    .split(' ')
    .slice(0, 2)
    .join(' ');
}

const FREEZE = `BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:1
DTSTART:20200101T000000Z
DTEND:20990101T000000Z
SUMMARY:end of the year
END:VEVENT
END:VCALENDAR
`;

/** Two of three must approve; `login` is who plays all of them on the control host. */
function policyYaml(folder: string, cluster: string, login: string, isFrozen: boolean): string {
  const signers = PEOPLE.filter((name) => name !== 'mallory');
  return [
    `cluster: ${cluster}`,
    'demandsWindow: true',
    'approvals: 2',
    'emergencyMinutes: 60',
    'people:',
    '  - { principal: rosa@example.com, roles: [request, policy] }',
    `  - { principal: ines@example.com, logins: [${login}],`,
    '      roles: [request, implement, emergency, checkpoint, approve] }',
    ...['ana', 'abe', 'ada'].map(
      (name) => `  - { principal: ${name}@example.com, roles: [approve] }`,
    ),
    'signers:',
    ...signers.map((name) => `  - ${name}@example.com ${publicKey(folder, name)}`),
    ...(isFrozen ? ['freezes:', '  - { name: end of the year, file: freeze.ics }'] : []),
    'anchors: ["file:anchors.txt"]',
    '',
  ].join('\n');
}

const WORDS: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, 'TIME'],
  [/SHA256:[A-Za-z0-9+/]{43}/g, 'KEY'],
  [/\bv3-[\w.]+-[0-9a-f]{8}\b/g, 'RUN'],
  [/\bE\d{8}T\d{4}-[0-9a-f]+/g, 'EMERGENCY'],
  [/\b[0-9a-f]{64}\b/g, 'HASH'],
  [/\b[0-9a-f]{16}\b/g, 'HASH'],
  [/-[0-9a-f]{8}\.(json|txt)/g, '-HASH.$1'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID'],
  [/\b\d+(\.\d+)? (ms|s|min)\b( \d+ s)?/g, 'DURATION'],
  [/\b\d+ (entries|entry)\b/g, 'N entries'],
  [/\bentry \d+\b/g, 'entry N'],
  [/the last is \d+/g, 'the last is N'],
  [/\d+ as sealed/g, 'N as sealed'],
  [/checkpoint over \d+/g, 'checkpoint over N'],
  [/(\S) {2,}/g, '$1  '],
  [/\bentries \d+ to \d+\b/g, 'entries N to N'],
];

export interface Setting {
  /** State folder of the control host: its lab is up. */
  home: string;
  cluster: string;
  who: string;
}

export function openStage({ home, cluster, who }: Setting): Stage {
  const folder = join(home, 'stage');
  mkdirSync(join(folder, 'folder'), { recursive: true });
  makeKeys(folder);
  const login = who.split('@')[0] as string;
  writeFileSync(join(folder, 'freeze.ics'), FREEZE);
  for (const isFrozen of [false, true]) {
    const name = isFrozen ? 'frozen.yaml' : 'policy.yaml';
    writeFileSync(join(folder, name), policyYaml(folder, cluster, login, isFrozen));
  }

  function plain(text: string): string {
    const named = text.replaceAll(`${folder}/`, '').replaceAll(home, 'HOME').replaceAll(who, 'WHO');
    const told = WORDS.reduce((held, [pattern, word]) => held.replace(pattern, word), named);
    return told
      .replaceAll(` as ${login}`, ' as LOGIN')
      .replaceAll(`  ${login}  `, '  LOGIN  ')
      .replaceAll(`logins ${login}`, 'logins LOGIN');
  }

  /** A plan is shown in full once; after that only if it reads otherwise. */
  const shown = new Set<string>();
  function shortened(lines: string[]): string[] {
    const kept: string[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const end = lines.findIndex((line, later) => later > at && /^Approvals:/.test(line));
      const block = /^Plan /.test(lines[at] as string) && end > at ? lines.slice(at, end) : null;
      if (block && shown.has(block.join('\n'))) {
        kept.push(`${block[0]} (as above)`);
        at = end - 1;
      } else {
        if (block) shown.add(block.join('\n'));
        kept.push(lines[at] as string);
      }
    }
    return kept;
  }

  function told(out: string, err: string, exit: number | undefined): string[] {
    const lines = (text: string) =>
      plain(text)
        .split('\n')
        .map((line) => line.trimEnd())
        .filter((line) => line !== '');
    const words = shortened(lines(err)).map((line) => `! ${line}`);
    return [...shortened(lines(out)), ...words, ...(exit === 0 ? [] : [`exit ${exit}`])];
  }

  async function drydock(person: string, host: string, words: string[]): Promise<string[]> {
    const place = host === 'control' ? home : join(folder, host);
    const ended = await execa(process.execPath, [program, ...words], {
      cwd: folder,
      env: { DRYDOCK_HOME: place, DRYDOCK_KEY: join(folder, person) },
      stdin: 'ignore',
      reject: false,
    });
    return told(String(ended.stdout), String(ended.stderr), ended.exitCode);
  }

  /** Any program but Drydock: what an auditor has who has nothing of it. */
  async function tool(name: string, words: string[], input?: string): Promise<string[]> {
    const options = { cwd: folder, reject: false, ...(input === undefined ? {} : { input }) };
    const ended = await execa(name, words, options);
    return told(String(ended.stdout), String(ended.stderr), ended.exitCode);
  }

  async function checkPapers(where: string): Promise<string[]> {
    const papers = readdirSync(join(folder, where, 'papers')).filter((name) =>
      name.endsWith('.txt'),
    );
    const all = papers.sort().map(async (name) => {
      const text = readFileSync(join(folder, where, 'papers', name), 'utf8');
      const { by, schema } = JSON.parse(text) as { by?: string; schema: string };
      const space = schema === 'drydock.policy/1' ? 'drydock.policy' : 'drydock.window';
      const words = ['-Y', 'verify', '-f', join(where, 'allowed_signers'), '-n', space];
      const signature = join(where, 'papers', `${name}.sig`);
      return tool('ssh-keygen', [...words, '-I', by ?? 'rosa@example.com', '-s', signature], text);
    });
    return (await Promise.all(all)).flat();
  }

  return {
    async play(line) {
      const words = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((m) => m[1] ?? (m[2] as string));
      const [first = '', ...rest] = words;
      const [, person, host = 'control'] = /^(\w+)(?:@(\w+))?:$/.exec(first) ?? [];
      if (person) return drydock(person, host, rest);
      if (first === 'diff') return tool('diff', rest);
      if (first === 'verify') return tool(process.execPath, rest);
      if (first === 'check-papers') return checkPapers(String(rest[0]));
      if (first === 'spoil') {
        const file = join(folder, String(rest[0]));
        writeFileSync(file, readFileSync(file, 'utf8').replace(String(rest[1]), String(rest[2])));
        return [];
      }
      if (first === 'litter') {
        appendFileSync(join(folder, String(rest[0])), 'not a paper\n');
        return [];
      }
      throw new Error(`the stage knows no '${first}'`);
    },
  };
}
