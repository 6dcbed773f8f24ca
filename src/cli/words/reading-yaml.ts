/** YAML that a person wrote; apart from reading.ts, so that who reads text loads no parser. */
import { parse as parseYaml } from 'yaml';
import { badInput, describeError } from '../../core/errors.ts';
import { readText } from './reading.ts';

export function readYaml(file: string): unknown {
  const text = readText(file);
  try {
    return parseYaml(text);
  } catch (cause) {
    throw badInput(`${file} is not YAML: ${describeError(cause).split('\n')[0]}`, {
      code: 'yaml',
      place: { file },
      remedy: 'mend that line',
      cause,
    });
  }
}
