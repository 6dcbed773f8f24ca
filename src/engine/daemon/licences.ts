/**
 * What a starting daemon says of its licences (v3 11.1 (8) and (9), messages rm 50 to 59; lcns in
 * the X series), and that it ends where the product it cannot do without has none that is valid.
 *
 * Our choice: a server that holds no licence at all is taken for licensed, as every lab is until
 * somebody registers one; a licence that ends while the daemon runs is found at its next start.
 */
import {
  judgeLicences,
  type Licence,
  parseLicences,
  productsOf,
  wordsOfVerdict,
} from '../../config/index.ts';
import { DrydockError } from '../../core/errors.ts';
import { LICENCE_PATH } from '../../core/paths.ts';
import { say } from '../messages.ts';
import { emit, type Turn, tell } from '../turn.ts';

/** null: the file cannot be read. */
function licencesIn(text: string): Licence[] | null {
  try {
    return parseLicences(text, LICENCE_PATH);
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

/** `text`: what is registered on this server. */
export function checkLicences(turn: Turn, text: string): void {
  const licences = licencesIn(text);
  if (licences?.length === 0) return;
  const { config } = turn.state;
  const [base = '', ...others] = productsOf(config);
  if (licences === null) {
    say(turn, 'licenceUnknown', base);
    return;
  }
  const about = { now: turn.now, servers: config.servers.length };
  for (const product of [base, ...others]) {
    const { isValid, verdicts } = judgeLicences(product, licences, about);
    for (const verdict of verdicts) {
      emit(turn, { type: 'log', ...wordsOfVerdict(config.manual, verdict) });
    }
    if (isValid || product !== base) continue;
    say(turn, 'licenceStop', product);
    tell(turn, { type: 'exit.ordered', goal: 'exit', failOver: false, replies: [] });
  }
}
