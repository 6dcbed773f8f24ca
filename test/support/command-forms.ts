/** Every form of a command that its usage names: options in pairs, values and arguments. */
import type { Command } from '../../src/commands/environment.ts';

const MOST_TOGETHER = 2;

/** What may stand for a word in capitals; several where it matters which. */
const VALUES: Record<string, string[]> = {
  GROUP: ['failover1'],
  RESOURCE: ['exec1'],
  HOST: ['server2'],
  SERVER: ['server1'],
  MONITOR: ['userw'],
  NAME: ['md1', 'clusterpro', 'server1'],
  DIR: [
    '/tmp',
    '/opt/nec/clusterpro/etc',
    '/opt/nec/clusterpro/etc/',
    '//opt/./nec/x/../clusterpro/work',
    '/tmp/../opt/nec/clusterpro',
  ],
  DEVICE: ['/dev/sdb'],
  DISK: ['/dev/sdb'],
  MOUNT: ['/mnt'],
  POINT: ['/mnt'],
  IP: ['10.0.0.1'],
  TIME: ['5s'],
  TYPE: ['type4'],
  RATIO: ['2'],
  SEC: ['1'],
  SECONDS: ['1'],
  PRIORITY: ['1'],
  SIZE: ['64M'],
  FILE: ['/opt/nec/clusterpro/etc/clp.conf'],
  ARCHIVE: ['/opt/nec/clusterpro/etc/clp.conf'],
  PATH: ['/opt'],
  WORD: ['word'],
};

function words(usage: string): string[] {
  return usage.split(/[\s[\]|…]+/).filter((word) => word !== '');
}

function valuesOf(word: string): string[] {
  return VALUES[word] ?? [word];
}

interface Parts {
  /** Each an option with one of its values. */
  options: string[][];
  rest: string[][];
}

function partsOf(command: Command): Parts {
  const options = new Map<string, string[]>();
  const rest = new Map<string, string[]>([['', []]]);
  for (const line of command.usage) {
    const [, ...all] = words(line);
    for (const [at, word] of all.entries()) {
      const next = all[at + 1] ?? '';
      const isValue = /^[A-Z]+$/.test(next);
      if (word.startsWith('-') || word.startsWith('+')) {
        options.set(word, [word]);
        if (isValue)
          for (const value of valuesOf(next)) options.set(`${word} ${value}`, [word, value]);
      } else for (const value of valuesOf(word)) rest.set(value, [value]);
    }
  }
  return { options: [...options.values()], rest: [...rest.values()] };
}

function* together(options: readonly string[][], left: number): Generator<string[]> {
  yield [];
  if (left === 0) return;
  for (const [at, option] of options.entries()) {
    for (const more of together(options.slice(at + 1), left - 1)) yield [...option, ...more];
  }
}

/** Argument arrays: `--help` too, options before the arguments, words of a mode as arguments. */
export function formsOf(command: Command): string[][] {
  const { options, rest } = partsOf(command);
  const forms = [['--help']];
  for (const chosen of together([...options, ['--help']], MOST_TOGETHER)) {
    for (const first of rest) {
      forms.push([...chosen, ...first]);
      if (chosen.length > 2) continue;
      for (const second of rest) {
        if (first.length > 0 && second.length > 0) forms.push([...chosen, ...first, ...second]);
      }
    }
  }
  return forms;
}
