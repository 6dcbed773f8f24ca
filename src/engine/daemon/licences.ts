/**
 * What a starting daemon says of its licences (v3 11.1 (8) and (9), messages rm 50 to 59; lcns in
 * the X series), and that it ends where the product it cannot do without has none that is valid.
 * While it runs it reads them again as a day begins on which one of them ends or begins.
 *
 * Our choice: a server that holds no licence at all is taken for licensed, as every lab is until
 * somebody registers one; a licence ends with its last day (UTC).
 */
import {
  countedFor,
  judgeLicences,
  type Licence,
  optionsOf,
  parseLicences,
  productsOf,
  wordsOfVerdict,
} from '../../config/index.ts';
import { DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import { LICENCE_PATH } from '../../core/paths.ts';
import { say } from '../messages.ts';
import { askHere, emit, type Turn, tell } from '../turn.ts';

/** null: the file cannot be read. */
function licencesIn(text: string): Licence[] | null {
  try {
    return parseLicences(text, LICENCE_PATH);
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

const DAY_MS = 86_400_000;
const READ_MS = 5000;
/** Until a host is asked again that did not answer. */
const AGAIN_MS = 60_000;

const dayOf = (at: number) => new Date(at).toISOString().slice(0, 10);

function readLater(turn: Turn, at: number): void {
  emit(turn, { type: 'armTimer', id: 'licences', at });
}

/** `text`: what is registered on this server. */
export function checkLicences(turn: Turn, text: string, isStart = true): void {
  const licences = licencesIn(text);
  if (licences?.length === 0) return;
  const { config } = turn.state;
  const [base = '', ...others] = productsOf(config);
  if (licences === null) {
    say(turn, 'licenceUnknown', base);
    return;
  }
  const today = dayOf(turn.now);
  const turns = ({ from, until }: Licence) => [from, until ? dayAfter(until) : ''];
  const days = licences.flatMap(turns);
  if (days.some((day) => day > today)) readLater(turn, Date.parse(today) + DAY_MS);
  const about = { now: turn.now, needed: countedFor(config) };
  for (const product of [base, ...others, ...optionsOf(config, licences)]) {
    const isOwn = (one: Licence) => one.product === product;
    const { isValid, verdicts } = judgeLicences(product, licences, about);
    const isNews = isStart || licences.filter(isOwn).flatMap(turns).includes(today);
    if (!isNews && (isValid || product !== base)) continue;
    for (const verdict of verdicts) {
      emit(turn, { type: 'log', ...wordsOfVerdict(config.manual, verdict) });
    }
    if (isValid || product !== base) continue;
    say(turn, 'licenceStop', product);
    tell(turn, { type: 'exit.ordered', goal: 'exit', failOver: false, replies: [] });
  }
}

function dayAfter(day: string): string {
  return dayOf(Date.parse(day) + DAY_MS);
}

export function onLicencesDue(turn: Turn): void {
  if (turn.state.stopping !== null) return;
  const order = { do: 'files', op: 'read', path: LICENCE_PATH };
  askHere(turn, 'host', order, READ_MS, { kind: 'licences' });
}

/** `body`: the host's answer; null: it did not answer. */
export function onLicencesRead(turn: Turn, body: Json): void {
  if (turn.state.stopping !== null) return;
  if (body === null) readLater(turn, turn.now + AGAIN_MS);
  else checkLicences(turn, (body as { text?: string | null }).text ?? '', false);
}
