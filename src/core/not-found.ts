/** What is said of a program that a server does not have: one line, in every world. */

/** Commands of the product that no manual describes, so that what they do is known to nobody here. */
const UNDESCRIBED: ReadonlyMap<string, string> = new Map([
  [
    'clphdsnapshot',
    'a copy of a hybrid disk is taken beside clpbackup.sh, and clphdstat tells how the disk stands',
  ],
]);

/** Why there is no such command, and what to do instead; null: nothing is known of it. */
export function whyUndescribed(name: string): string | null {
  const instead = UNDESCRIBED.get(name);
  return instead === undefined
    ? null
    : `no manual of the product says what it does, so it is not provided; ${instead}`;
}

/** As a shell says it, and why where that is known. */
export function commandNotFound(name: string): string {
  const why = whyUndescribed(name);
  return `${name}: command not found on this server${why === null ? '' : `: ${why}`}`;
}
