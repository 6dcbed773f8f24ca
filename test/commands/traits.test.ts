/**
 * What each command says of itself, over every form that its usage names: which arguments take the
 * server down, copy one side of a mirror over the other, ask, and so on. What the table does not
 * name has to say no.
 */
import test from 'ava';
import { LOOKS, type Traits, UNKNOWN } from '../../src/commands/environment.ts';
import { commands, traitsOf } from '../../src/commands/index.ts';
import { formsOf } from '../support/command-forms.ts';

type Said = Exclude<keyof Traits, 'changes'>;
type Holds = (args: readonly string[]) => boolean;

const every: Holds = () => true;
const any =
  (...words: string[]): Holds =>
  (args) =>
    args.some((word) => words.includes(word));
const none =
  (...words: string[]): Holds =>
  (args) =>
    !any(...words)(args);

const forces: Holds = (args) => any('--force', '-f')(args) && none('--active', '-a')(args);
const partitions: Holds = ([first]) => first !== '-l';

const gives: Holds = (args) => forces(args) || any('--recovery', '-r')(args);
const stops = any('--break', '-b', '--cancel', '-c');
const risks = any('--force', '-f', '--recovery', '-r', '--break', '-b');

/** By trait and command: which arguments have it. */
const having: Record<Said, Record<string, Holds>> = {
  goesDown: {
    clpdown: every,
    clpstdn: every,
    'clpbackup.sh': none('--no-shutdown', '--no-reboot', '--online'),
    'clprestore.sh': every,
    shutdown: every,
    reboot: every,
  },
  copies: { clpmdctrl: gives, clphdctrl: gives },
  stopsCopy: { clpmdctrl: stops, clphdctrl: stops },
  endangers: {
    clpmdchng: every,
    clpmdinit: every,
    clproset: any('-w'),
    clphdinit: every,
    clpmdctrl: risks,
    clphdctrl: risks,
    clpmonctrl: any('-n'),
    clptoratio: any('-r'),
    fdisk: partitions,
    rpm: ([first]) => first === '-e',
    lvextend: every,
    mkfs: every,
    'mkfs.ext2': every,
    'mkfs.ext3': every,
    'mkfs.ext4': every,
    'mkfs.xfs': every,
    resize2fs: every,
    sfdisk: none('-d', '-l'),
    wipefs: every,
    fuser: every,
  },
  interrupts: { clpcl: any('-t', '--suspend') },
  asks: { clpmdctrl: forces, clphdctrl: forces, fdisk: partitions, sfdisk: every },
  silent: {
    blockdev: every,
    cp: every,
    scp: every,
    find: any('-delete'),
    dd: every,
    insmod: every,
    xfs_growfs: every,
    openssl: every,
    rmmod: every,
    'site-run': every,
    tar: every,
  },
  isSites: { 'site-run': every },
};

/** Short names of options, which no usage shows. */
const SHORT: Record<string, string[]> = {
  clpmdctrl: ['-a md1', '-a -f md1', '-b md1', '-c md1', '-d md1', '-f md1', '-r md1', '-r --what'],
};

for (const [name, command] of commands) {
  test(`${name} says of each of its forms what it does`, (t) => {
    const short = (SHORT[name] ?? []).map((line) => line.split(' '));
    const forms = [...short, ...formsOf(command).filter(none('--help'))];
    t.true(forms.length > 0);
    const wrong: string[] = [];
    for (const args of forms) {
      const { changes, ...said } = command.traits(args);
      const line = [name, ...args].join(' ');
      for (const [trait, is] of Object.entries(said) as [Said, boolean][]) {
        const expected = changes && (having[trait][name]?.(args) ?? false);
        if (is !== expected) wrong.push(`${line}: ${trait} is ${is}`);
      }
    }
    t.deepEqual(wrong.slice(0, 20), []);
  });
}

test('whoever asks for help gets it and nothing else happens', (t) => {
  const ours = [...commands.values()].filter(({ kind }) => kind === 'clp');
  for (const { name, traits } of ours) t.deepEqual(traits(['--help']), LOOKS, name);
});

test('a program that is no command here may change anything', (t) => {
  for (const argv of [['rm', '-rf'], ['constructor'], []]) t.is(traitsOf(argv), UNKNOWN);
  t.true(UNKNOWN.changes);
});
