/** Whose key it is, by the policies whose documents lie here. */
import type { Context } from '../context.ts';
import { principalsOf } from '../window/keys.ts';
import { knownPolicies, openWorkspace } from '../window/workspace.ts';

/** null: of nobody, or of several. */
export function ownerOf(ctx: Context, key: string): string | null {
  const line = ctx.keys.publicLineOf(key);
  if (line === null) return null;
  const policies = knownPolicies(openWorkspace(ctx));
  const names = new Set(policies.flatMap((policy) => principalsOf(line, policy)));
  const [only] = names;
  return names.size === 1 && only !== undefined ? only : null;
}
