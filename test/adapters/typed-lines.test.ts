import { PassThrough } from 'node:stream';
import test from 'ava';
import { typedLines } from '../../src/adapters/typed-lines.ts';

const INPUTS: [title: string, pieces: string[], lines: (string | null)[]][] = [
  ['in one piece', ['n\np\n\n+1M\nw\n'], ['n', 'p', '', '+1M', 'w', null, null]],
  ['cut in the middle of a line', ['n\np', '\n1', '\n'], ['n', 'p', '1', null]],
  ['without an end of the last line', ['n\nw'], ['n', 'w', null]],
  ['that is empty', [], [null, null]],
];
for (const [title, pieces, lines] of INPUTS) {
  test(`an input ${title} answers one prompt after the other`, async (t) => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const typed = typedLines(input, output);
    for (const piece of pieces) input.write(piece);
    input.end();
    const got: (string | null)[] = [];
    for (const _ of lines) got.push(await typed.ask('? '));
    t.deepEqual(got, lines);
    t.is(String(output.read()), '? '.repeat(lines.length));
    typed.close();
  });
}
