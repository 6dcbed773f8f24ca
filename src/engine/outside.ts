/** What resources and monitors have their host do with things outside the servers. */
import type { ConfiguredResource } from '../schema/generated/cluster-configuration.ts';
import type { End, Work } from './work.ts';

export type OutsideKind = 'disk' | 'volumes' | 'name';

/** `text`: what is to stand there; this server's name where it is left out. */
export function outside(
  op: 'look' | 'take' | 'release',
  kind: OutsideKind,
  name: string,
  text?: string,
): Work {
  const said = text === undefined ? {} : { text };
  return { by: 'host', body: { do: 'outside', op, kind, name, ...said } };
}

/** The volume group of a resource, in its parameter `devname`; else it is called as the resource. */
export function volumesOf({ name, parameters }: ConfiguredResource): string {
  return String(parameters.devname ?? name);
}

/** What stands there; null: nothing, or nobody could tell. */
export function standing(end: End): string | null {
  const body = end.type === 'request.answered' ? end.body : null;
  const { text } = (body ?? {}) as { text?: unknown };
  return typeof text === 'string' ? text : null;
}
