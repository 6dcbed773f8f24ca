/** Texts that are remembered: a cluster's configuration, and what it was or becomes. */
const MOST_TEXTS = 8;

/**
 * What follows from a text alone, reckoned once for as long as it is among the last few. `about`
 * tells an error what the text is; what throws is reckoned again, so that its error names the one
 * at hand.
 */
export function perText<V, A extends unknown[]>(
  make: (text: string, ...about: A) => V,
): (text: string, ...about: A) => V {
  const known = new Map<string, V>();
  return (text, ...about) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const value = make(text, ...about);
    const [oldest] = known.keys();
    if (known.size >= MOST_TEXTS && oldest !== undefined) known.delete(oldest);
    known.set(text, value);
    return value;
  };
}
