/** Group resources and monitor resources, as elements of a clp.conf. */
import type {
  AttemptRules,
  ClusterConfiguration,
  ConfiguredMonitor,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';
import { syncBefore } from './before-scripts.ts';
import * as defaults from './defaults.ts';
import { resourceKind, type TimeoutRule } from './kinds.ts';
import { put, putSeconds } from './sync.ts';
import type { XmlElement } from './xml.ts';
import { at, elementsOf, ensure, newElement, removeAt, setText, textOf } from './xml.ts';

type Parameters = ConfiguredResource['parameters'];

function syncNetdevs(element: XmlElement, netdev: string): void {
  const parameters = ensure(element, 'parameters');
  parameters.children = parameters.children.filter(
    (child) => child.kind !== 'element' || child.name !== 'netdev',
  );
  netdev
    .split(',')
    .filter(Boolean)
    .forEach((device, index) => {
      const added = newElement(parameters, 'netdev', { id: String(index) });
      put(added, 'priority', undefined, index, null);
      put(added, 'device', undefined, device, null);
      put(added, 'mdcname', undefined, `mdc${index + 1}`, null);
    });
}

function syncParameters(
  element: XmlElement,
  before: Parameters | undefined,
  after: Parameters,
  isMirror: boolean,
): void {
  for (const path of Object.keys(before ?? {})) {
    if (Object.hasOwn(after, path) || (isMirror && path === 'netdev')) continue;
    removeAt(element, `parameters/${path}`);
  }
  for (const [path, value] of Object.entries(after)) {
    if (isMirror && path === 'netdev') continue;
    if (before?.[path] === value) continue;
    const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
    setText(ensure(element, `parameters/${path}`), text);
  }
  const netdev = isMirror ? String(after.netdev ?? '') : '';
  if (isMirror && String(before?.netdev ?? '') !== netdev) syncNetdevs(element, netdev);
}

function syncAttempt(
  element: XmlElement,
  half: 'act' | 'deact',
  before: AttemptRules | undefined,
  after: AttemptRules,
  otherwise: AttemptRules,
): void {
  put(element, `${half}/retry`, before?.retry, after.retry, otherwise.retry);
  put(element, `${half}/fo`, before?.failover, after.failover, otherwise.failover);
  const { beforeFinalAction: script } = after;
  syncBefore(element, `${half}/preaction`, before?.beforeFinalAction, script);
  syncBefore(element, `${half}/before`, before?.scriptBefore, after.scriptBefore);
  syncBefore(element, `${half}/after`, before?.scriptAfter, after.scriptAfter);
  if (before?.finalAction === after.finalAction) return;
  const code = defaults.codeOfAction(after.finalAction);
  put(element, `${half}/action`, undefined, code, defaults.codeOfAction(otherwise.finalAction));
}

function syncTimeout(element: XmlElement, afterMs: number, rule: TimeoutRule): void {
  const found = at(element, rule.path);
  const presentMs = (found === undefined ? rule.seconds : Number(textOf(found))) * 1000;
  if (presentMs !== afterMs) putSeconds(element, rule.path, presentMs, afterMs, -1);
}

/** What the default is reckoned from: the resources of its group, and what they depend on. */
function peersOf(config: ClusterConfiguration | undefined, name: string): ConfiguredResource[] {
  const group = config?.groups.find((one) => one.resources.includes(name));
  return config?.resources.filter((one) => group?.resources.includes(one.name)) ?? [];
}

function shapeOf(peers: readonly ConfiguredResource[]): string {
  return JSON.stringify(peers.map(({ name, type, dependsOn }) => [name, type, dependsOn]));
}

function syncDependencies(
  element: XmlElement,
  before: ConfiguredResource | undefined,
  after: ConfiguredResource,
  configs: Configs,
): void {
  const listed = elementsOf(element, 'depend');
  const peers = peersOf(configs.after, after.name);
  const isListed = listed.length > 0;
  const isSame = before?.dependsOn.join() === after.dependsOn.join();
  const isSameGroup = shapeOf(peersOf(configs.before, after.name)) === shapeOf(peers);
  if (isSame && (isListed || isSameGroup)) return;
  const otherwise = defaults.defaultDependencies(after, peers);
  if (!isListed && otherwise.join() === after.dependsOn.join()) return;
  element.children = element.children.filter((child) => !listed.includes(child as XmlElement));
  const names = after.dependsOn.length === 0 ? [''] : after.dependsOn;
  for (const name of names) newElement(element, 'depend', { name });
}

/** The whole configuration as the file has it (undefined: there is no file), and as it is to be. */
interface Configs {
  before: ClusterConfiguration | undefined;
  after: ClusterConfiguration;
}

export function syncResource(
  element: XmlElement,
  before: ConfiguredResource | undefined,
  after: ConfiguredResource,
  configs: Configs,
): void {
  const { type } = after;
  put(element, 'comment', before?.comment, after.comment, '');
  syncDependencies(element, before, after, configs);
  const activation = defaults.activationDefaults(type);
  const deactivation = defaults.deactivationDefaults(type);
  syncAttempt(element, 'act', before?.activation, after.activation, activation);
  syncAttempt(element, 'deact', before?.deactivation, after.deactivation, deactivation);
  const { replicates, timeouts } = resourceKind(type);
  syncParameters(element, before?.parameters, after.parameters, replicates);
  if (replicates) ensure(element, 'parameters');
  syncTimeout(element, after.activation.timeoutMs, timeouts.activation);
  syncTimeout(element, after.deactivation.timeoutMs, timeouts.deactivation);
}

export function syncMonitor(
  element: XmlElement,
  before: ConfiguredMonitor | undefined,
  after: ConfiguredMonitor,
): void {
  const otherwise = defaults.monitorDefaults(after.type);
  put(element, 'comment', before?.comment, after.comment, '');
  put(element, 'target', before && (before.target ?? ''), after.target ?? '', '');
  // The default of the timing hangs on whether there is a target.
  const isSameTiming =
    before?.when === after.when && (before.target === null) === (after.target === null);
  if (!isSameTiming) {
    const otherwise = after.target !== null;
    put(element, 'polling/timing', undefined, after.when === 'active', otherwise);
  }
  const polling = { old: before, now: after };
  putSeconds(
    element,
    'polling/interval',
    polling.old?.intervalMs,
    polling.now.intervalMs,
    otherwise.intervalMs,
  );
  putSeconds(
    element,
    'polling/timeout',
    polling.old?.timeoutMs,
    polling.now.timeoutMs,
    otherwise.timeoutMs,
  );
  put(element, 'polling/reconfirmation', before?.retry, after.retry, otherwise.retry);
  syncRecovery(element, before, after);
  syncParameters(element, before?.parameters, after.parameters, false);
}

function syncRecovery(
  element: XmlElement,
  before: ConfiguredMonitor | undefined,
  after: ConfiguredMonitor,
): void {
  const { recovery } = after;
  const old = before?.recovery;
  const isSameKind = old?.targetKind === recovery.targetKind;
  put(element, 'relation/type', old?.targetKind, recovery.targetKind, null);
  put(element, 'relation/name', old?.target, recovery.target, null);
  const otherwise = defaults.recoveryDefaults(after.type, recovery.targetKind);
  // Another kind of target has other defaults: what was left out must then be looked at anew.
  const path = 'emergency/threshold';
  const restart = isSameKind ? old?.restart : undefined;
  const failover = isSameKind ? old?.failover : undefined;
  put(element, `${path}/restart`, restart, recovery.restart, otherwise.restart);
  put(element, `${path}/fo`, failover, recovery.failover, otherwise.failover);
  if (old?.finalAction !== recovery.finalAction) {
    put(element, 'emergency/action', undefined, defaults.codeOfAction(recovery.finalAction), 0);
  }
  syncBefore(element, 'emergency/script', old?.beforeRecovery, recovery.beforeRecovery);
  syncBefore(element, 'emergency/preaction', old?.beforeFinalAction, recovery.beforeFinalAction);
}
