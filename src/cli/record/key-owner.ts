/** Whose key it is, by the policies whose papers lie here. */

import type { Cli } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { knownPolicies, openDesk } from '../window/desk.ts';
import { principalsOf, publicLineOf } from '../window/keys.ts';

/** null: of nobody, or of several. */
export function ownerOf(cli: Cli, args: Args, key: string): string | null {
  const line = publicLineOf(key);
  if (line === null) return null;
  const policies = knownPolicies(openDesk(cli, args));
  const names = new Set(policies.flatMap((policy) => principalsOf(line, policy)));
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : null;
}
