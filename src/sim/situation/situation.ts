/** A situation, line by line: read as a whole, then brought about on a twin. */
import { badInput, DrydockError, describeError, type Place } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { Twin } from '../twin.ts';
import { SITUATION_VERBS, type SituationAct } from './verbs.ts';

/** A line that was read; `place`: where it stands, for whoever has to correct it. */
export interface SituationLine {
  text: string;
  act: SituationAct;
  place: Place | undefined;
}

const MOST_LINES = 100;
const MOST_CHARACTERS = 4000;

function located(error: unknown, text: string, place: Place | undefined): DrydockError {
  const { code = 'situation', remedy } = error instanceof DrydockError ? error : {};
  const words = error instanceof Error ? error.message : String(error);
  return badInput(`'${text}': ${words}`, {
    code,
    ...(remedy ? { remedy } : {}),
    ...(place ? { place } : {}),
    cause: error,
  });
}

function readLine(text: string, config: ClusterConfiguration): SituationAct {
  if (text.length > MOST_CHARACTERS) {
    throw badInput(`${text.length} characters are too long for one line`, { code: 'usage' });
  }
  const [name = '', ...words] = text.trim().split(/ +/);
  const verb = SITUATION_VERBS.get(name);
  if (verb) return verb.read(words, config);
  throw badInput(`there is no word '${name}' for what can happen to a cluster`, {
    code: 'usage',
    remedy: suggestion(name, SITUATION_VERBS.keys()),
  });
}

/** Throws for the first line that cannot be what happens to this cluster. */
export function readSituation(
  lines: readonly string[],
  config: ClusterConfiguration,
  placeOf: (index: number) => Place | undefined = () => undefined,
): SituationLine[] {
  if (lines.length > MOST_LINES) {
    throw badInput(`a situation of ${lines.length} lines`, {
      code: 'situation',
      remedy: `say it in ${MOST_LINES}`,
    });
  }
  return lines.map((text, index) => {
    const place = placeOf(index);
    try {
      return { text, act: readLine(text, config), place };
    } catch (error) {
      throw located(error, text, place);
    }
  });
}

/** Does it all, one after the other, and lets the cluster come to rest. Answers the twin as it is then. */
export async function bringAbout(from: Twin, lines: readonly SituationLine[]): Promise<Twin> {
  let twin = from;
  for (const { text, act, place } of lines) {
    let failed: string | undefined;
    try {
      const outcome = await act(twin);
      failed = outcome.failed;
      twin = outcome.twin ?? twin;
    } catch (error) {
      if (error instanceof DrydockError && error.code === 'defect') throw error;
      failed = describeError(error);
    }
    if (failed !== undefined) throw located(new Error(failed), text, place);
  }
  await twin.atRest();
  return twin;
}
