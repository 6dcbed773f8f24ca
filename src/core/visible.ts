/**
 * Text from outside, made visible. A title, a file name, a server's answer or a program's output
 * may hold characters that a terminal obeys instead of showing: escape sequences, a carriage
 * return that writes over what was read before, marks that turn the direction of reading around,
 * and others that nobody sees. They are written as JSON writes them (`\u001b`), so that a JSON
 * document stays the same document.
 *
 * Shown as they are: what is printed or a blank, line feed and tab.
 */

/**
 * Controls, formats, halves of characters, private and unassigned ones, separators of lines, and
 * whatever is ignored where it is not supported (zero widths, fillers, selectors, tags).
 */
const HIDDEN =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Nearly every text holds nothing else, and a long output is looked at once only. */
const PLAIN = /^[\n\t\x20-\x7e]*$/;

/** `\u001b`; two such for a character beyond the first plane. */
function asEscape(character: string): string {
  let text = '';
  for (let at = 0; at < character.length; at += 1) {
    text += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  }
  return text;
}

export function visible(text: string): string {
  return PLAIN.test(text) ? text : text.replace(HIDDEN, asEscape);
}

/** For a text that stands in one line: its line feeds would pass for lines of ours. */
export function inOneLine(text: string): string {
  return text.replaceAll('\n', '\\u000a');
}
