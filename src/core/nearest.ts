/** The name that was probably meant, for errors about unknown names. */

/** Of a long list the beginning is enough to see what kind of name is meant. */
const MOST_NAMES = 20;

/** Letters that are wrong, missing, too many, or two that changed places. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const other = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : other;
      next.push(Math.min(other, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row[b.length] ?? 0;
}

/** The nearest of the known names when it is near enough to be a slip, else null. */
export function nearest(word: string, known: Iterable<string>): string | null {
  const asked = word.slice(0, 64).toLowerCase();
  let best: string | null = null;
  let least = Math.max(2, Math.floor(asked.length / 3)) + 1;
  for (const name of known) {
    const far = distance(asked, name.slice(0, 64).toLowerCase());
    if (far < least) {
      best = name;
      least = far;
    }
  }
  return best;
}

function said(word: string, known: Iterable<string>, quote: string): string | null {
  const names = [...known];
  const near = nearest(word, names);
  if (near !== null) return `did you mean ${quote}${near}${quote}?`;
  return names.length === 0 ? null : `known: ${names.slice(0, MOST_NAMES).join(', ')}`;
}

/** `did you mean server1?`, else the known names: as the commands say it. */
export function hint(word: string, known: Iterable<string>): string {
  return said(word, known, '') ?? 'none is known';
}

/** The same for names within a sentence: `did you mean 'server1'?` */
export function suggestion(word: string, known: Iterable<string>): string {
  return said(word, known, "'") ?? 'there are none';
}
