/**
 * A scenario is a text file someone can read aloud: what is done, then, below `----`, all that
 * comes of it. Blocks are divided by a blank line after their output; `#` starts a remark.
 *
 *     # the mirror breaks
 *     cut mdc400 server1 server2
 *     wait mirror('md1').state == 'Abnormal'
 *     status mirrors
 *     ----
 *     md1  Abnormal
 *     …
 *
 * After every command the standing oracles (src/sim/oracles.ts) are asked; what they find becomes
 * part of the output, so no scenario passes over it.
 */
import { badInput, describeError } from '../../src/core/errors.ts';
import { type Stage, VERBS } from './scenario-verbs.ts';

export interface Block {
  /** The lines above `----`, remarks included. */
  input: string[];
  output: string;
}

const RULE = '----';

export function parseScenario(text: string): Block[] {
  const blocks: Block[] = [];
  let input: string[] = [];
  let output: string[] | null = null;
  const close = () => {
    if (output !== null) blocks.push({ input, output: output.map((line) => `${line}\n`).join('') });
    input = [];
    output = null;
  };
  for (const line of text.split('\n')) {
    if (output === null && line === RULE) output = [];
    else if (output !== null && line === '') close();
    else if (output !== null) output.push(line);
    else if (line !== '' || input.length > 0) input.push(line);
  }
  close();
  if (input.length > 0) blocks.push({ input, output: '' });
  return blocks;
}

export function writeScenario(blocks: Block[]): string {
  return blocks.map(({ input, output }) => `${input.join('\n')}\n${RULE}\n${output}`).join('\n');
}

/** Plays one block; the answer is what came of it. */
export async function playBlock(stage: Stage, { input }: Block): Promise<string> {
  let output = '';
  for (const line of input) {
    const command = line.trim();
    if (command === '' || command.startsWith('#')) continue;
    output += await playCommand(stage, command);
    for (const words of await stage.twin.violations()) output += `VIOLATION: ${words}\n`;
  }
  return output.replaceAll(/\n\n+/g, '\n').replace(/^\n/, '');
}

async function playCommand(stage: Stage, command: string): Promise<string> {
  const [verb = '', ...words] = command.split(/ +/);
  const act = VERBS[verb];
  if (!act) {
    throw badInput(`a scenario knows no verb ${verb}`, {
      code: 'scenario.verb',
      remedy: `it knows ${Object.keys(VERBS).join(', ')}`,
    });
  }
  try {
    return await act(stage, words);
  } catch (error) {
    return `error: ${describeError(error)}\n`;
  }
}
