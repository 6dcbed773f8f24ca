/**
 * dd, to copy a partition into a file: v3 11.8.2 looks at a copy, so that the journal can be
 * replayed without a write to the partition itself. The file can be mounted with `-o loop`.
 * Provided: `dd if=PARTITION of=FILE [bs=SIZE]`.
 */
import { type Environment, failed, type Report } from '../environment.ts';
import { osCommand, Usage } from './host.ts';
import { writeImage } from './image.ts';
import { deviceSource } from './sources.ts';

const UNITS: Record<string, number> = { '': 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };
const BLOCK = '512';

function operandsOf(args: string[]): { from: string; to: string; blockBytes: number } {
  const given = new Map(
    args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)] as const),
  );
  for (const [index, name] of [...given.keys()].entries()) {
    if (!['if', 'of', 'bs'].includes(name)) throw new Usage(`unrecognized operand ${args[index]}`);
  }
  const size = /^([1-9]\d*)([KMG]?)$/.exec(given.get('bs') ?? BLOCK);
  if (!size) throw new Usage(`invalid number: ${given.get('bs')}`);
  const [from, to] = [given.get('if') ?? '', given.get('of') ?? ''];
  if (!from.startsWith('/') || !to.startsWith('/') || to.startsWith('/dev/')) {
    throw new Usage('say if=PARTITION and of=FILE, both from / on');
  }
  return { from, to, blockBytes: Number(size[1]) * UNITS[size[2]!]! };
}

async function run(env: Environment, args: string[]): Promise<Report> {
  const { from, to, blockBytes } = operandsOf(args);
  const source = await deviceSource(env, from);
  if (!source) return failed(`dd: failed to open '${from}': No such file or directory`);
  await writeImage(env, to, source);
  const { sizeBytes } = source;
  const whole = Math.floor(sizeBytes / blockBytes);
  const records = `${whole}+${sizeBytes % blockBytes === 0 ? 0 : 1} records`;
  const stderr = `${records} in\n${records} out\n${sizeBytes} bytes copied\n`;
  return { code: 0, data: null, stdout: '', stderr };
}

export const dd = osCommand(
  {
    name: 'dd',
    summary: 'copy a partition into a file, which can be mounted with -o loop',
    usage: ['dd if=PARTITION of=FILE [bs=SIZE]'],
    traits: () => ({ changes: true, silent: true }),
    run,
  },
  { refused: 1, usage: 1 },
);
