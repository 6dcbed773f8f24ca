/**
 * How many columns a text takes on a terminal. Stands in for the library of that name in the
 * bundle (scripts/build.ts): that one makes two segmenters and an emoji pattern for every
 * character, which is a fifth of the time that `drydock --help` takes. Words of this program are
 * Latin; whatever else comes in counts one column a character that a reader sees.
 */
import { stripVTControlCharacters } from 'node:util';

const PLAIN = /^[\x20-\x7e]*$/;
let segmenter: Intl.Segmenter | undefined;

export default function stringWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  const shown = stripVTControlCharacters(text);
  if (PLAIN.test(shown)) return shown.length;
  segmenter ??= new Intl.Segmenter();
  return [...segmenter.segment(shown)].length;
}
