/**
 * The scripts that go before a recovery or a final action, and around starts and stops (X series), by where a clp.conf has them:
 *
 *     emergency/preaction   a monitor, before its final action: `use`, `path`, as files of the field have it
 *     emergency/script      a monitor, before its target is restarted or fails over: our name
 *     act/preaction         a resource, before the final action at a start that failed: our name
 *     deact/preaction       … at a stop that failed: our name
 *     act/before, act/after, deact/before, deact/after   a resource, around its start and its stop: our names
 *
 * Each has `use` (0), `path` (preaction.sh, script.sh, before.sh, after.sh) and `timeout` (5 s, our choice).
 */
import type { BeforeScript } from '../schema/generated/cluster-configuration.ts';
import { flagAt, secondsAt, stringAt } from './fields.ts';
import { put, putSeconds } from './sync.ts';
import type { XmlElement } from './xml.ts';

const TIMEOUT_MS = 5_000;

const fileOf = (at: string) => `${at.split('/').at(-1)}.sh`;

/** Nothing where it is not in use. */
export function readBefore<K extends string>(
  file: string,
  element: XmlElement,
  [key, at]: [key: K, at: string],
): Partial<Record<K, BeforeScript>> {
  if (!flagAt(file, element, `${at}/use`, false)) return {};
  const path = stringAt(element, `${at}/path`, '') || fileOf(at);
  const timeoutMs = secondsAt(file, element, `${at}/timeout`, TIMEOUT_MS);
  return { [key]: { path, timeoutMs } } as Partial<Record<K, BeforeScript>>;
}

export function syncBefore(
  element: XmlElement,
  at: string,
  before: BeforeScript | undefined,
  after: BeforeScript | undefined,
): void {
  put(element, `${at}/use`, before ? 1 : 0, after ? 1 : 0, 0);
  if (!after) return;
  put(element, `${at}/path`, before?.path, after.path, fileOf(at));
  putSeconds(element, `${at}/timeout`, before?.timeoutMs, after.timeoutMs, TIMEOUT_MS);
}
