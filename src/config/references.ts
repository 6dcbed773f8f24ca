/** Names in a clp.conf that must be found elsewhere in it. */
import type { DrydockError } from '../core/errors.ts';
import { hint } from '../core/nearest.ts';
import type {
  ClusterConfiguration,
  ConfiguredResource,
} from '../schema/generated/cluster-configuration.ts';
import { mirrorSides, mirrorsOf, resourceKind } from './kinds.ts';
import { hasDeviceFor, heartbeatKind } from './paths.ts';
import { LOCAL_SERVER } from './read-monitors.ts';
import { at, wrongAt, type XmlElement } from './xml.ts';

interface Checked {
  file: string;
  root: XmlElement;
  config: ClusterConfiguration;
  /** Names of what was left out of the reading: who refers to them is not to blame. */
  lost: ReadonlySet<string>;
  found: DrydockError[];
}

function report(
  { file, found }: Checked,
  element: XmlElement,
  message: string,
  remedy: string,
): void {
  found.push(wrongAt(file, element, message, remedy));
}

function mustBe(checked: Checked, path: string, what: string, name: string, known: string[]): void {
  if (known.includes(name) || checked.lost.has(name)) return;
  const element = at(checked.root, path) ?? checked.root;
  report(checked, element, `unknown ${what} ${name}`, hint(name, known));
}

function checkGroups(checked: Checked): void {
  const { config, root } = checked;
  const resources = config.resources.map((resource) => resource.name);
  const servers = config.servers.map((server) => server.name);
  const taken = new Map<string, string>();
  for (const group of config.groups) {
    const path = `group@${group.name}`;
    for (const server of group.servers) mustBe(checked, path, 'server', server, servers);
    for (const name of group.resources) {
      mustBe(checked, path, 'resource', name, resources);
      const other = taken.get(name);
      if (other !== undefined) {
        const message = `resource ${name} is in ${other} and in ${group.name}`;
        report(checked, at(root, path) ?? root, message, 'keep it in one group');
      }
      taken.set(name, group.name);
    }
  }
}

/** The groups that each waits for: known, and not one another. */
function checkWaits(checked: Checked, key: 'startAfter' | 'stopAfter'): void {
  const { config, root } = checked;
  const names = config.groups.map((group) => group.name);
  const waitsFor = new Map(
    config.groups.map((group) => {
      const groups = group[key]?.groups ?? [];
      return [group.name, groups.map((one) => (typeof one === 'string' ? one : one.name))];
    }),
  );
  const done = new Set<string>();
  const visit = (name: string, above: string[]): void => {
    const path = `group@${name}`;
    if (above.includes(name)) {
      const message = `group ${name} waits for itself`;
      const remedy = `take one of these waits out: ${[...above, name].join(' → ')}`;
      report(checked, at(root, path) ?? root, message, remedy);
      return;
    }
    for (const other of waitsFor.get(name) ?? []) {
      mustBe(checked, path, 'group', other, names);
      if (!done.has(other)) visit(other, [...above, name]);
    }
    done.add(name);
  };
  for (const name of names) visit(name, []);
}

function checkTogether(checked: Checked): void {
  const { config } = checked;
  const servers = config.servers.map(({ name }) => name);
  const groups = config.groups.map(({ name }) => name);
  const serverGroups = (config.serverGroups ?? []).map(({ name }) => name);
  for (const group of config.serverGroups ?? []) {
    const path = `servergroup@${group.name}`;
    for (const server of group.servers) mustBe(checked, path, 'server', server, servers);
  }
  for (const rule of config.exclusionRules ?? []) {
    for (const name of rule.groups) mustBe(checked, `xclrule@${rule.name}`, 'group', name, groups);
  }
  for (const group of config.groups) {
    for (const name of group.serverGroups ?? []) {
      mustBe(checked, `group@${group.name}`, 'server group', name, serverGroups);
    }
  }
  checkWaits(checked, 'startAfter');
  checkWaits(checked, 'stopAfter');
}

function checkDependencies(checked: Checked): void {
  const { config, root } = checked;
  const byName = new Map(config.resources.map((resource) => [resource.name, resource]));
  const done = new Set<string>();
  const visit = (resource: ConfiguredResource, above: string[]): void => {
    const path = `resource/${resource.type}@${resource.name}`;
    if (above.includes(resource.name)) {
      const message = `resource ${resource.name} depends on itself`;
      const remedy = `take one of these out: ${[...above, resource.name].join(' → ')}`;
      report(checked, at(root, path) ?? root, message, remedy);
      return;
    }
    if (done.has(resource.name)) return;
    const group = config.groups.find((one) => one.resources.includes(resource.name));
    const peers = (group?.resources ?? [...byName.keys()]).filter((one) => one !== resource.name);
    for (const name of resource.dependsOn) {
      if (name !== resource.name) mustBe(checked, path, 'resource of its group', name, peers);
      const next = byName.get(name);
      if (next !== undefined) visit(next, [...above, resource.name]);
    }
    done.add(resource.name);
  };
  for (const resource of config.resources) visit(resource, []);
}

function checkMonitors(checked: Checked): void {
  const { config } = checked;
  const resources = config.resources.map((resource) => resource.name);
  const groups = config.groups.map((group) => group.name);
  for (const monitor of config.monitors) {
    const path = `monitor/${monitor.type}@${monitor.name}`;
    if (monitor.target !== null) mustBe(checked, path, 'resource', monitor.target, resources);
    const { targetKind, target } = monitor.recovery;
    if (targetKind === 'rsc') mustBe(checked, path, 'resource', target, resources);
    if (targetKind === 'grp') mustBe(checked, path, 'group', target, groups);
    if (targetKind === 'cls') mustBe(checked, path, 'target', target, [LOCAL_SERVER]);
  }
}

/** A serial line joins two servers, and no more; XE knows none. */
function checkLines(checked: Checked): void {
  const { config, root } = checked;
  const isLine = ({ type }: { type: string }) => heartbeatKind(type)?.joinsTwo === true;
  const found = config.heartbeats.find(isLine);
  if (!found) return;
  const element = at(root, `heartbeat/${found.type}@${found.name}`) ?? root;
  const count = config.servers.length;
  const remedy = `take ${found.name} out, or use another kind of heartbeat`;
  if (count > 2) {
    const message = `${found.name} joins two servers only, and this cluster has ${count}`;
    report(checked, element, message, remedy);
  } else if (config.edition === 'XE') {
    report(checked, element, `${found.name}: XE has no such heartbeat`, remedy);
  }
}

function checkDevices(checked: Checked): void {
  const { config, root } = checked;
  for (const server of config.servers) {
    const path = `server@${server.name}`;
    for (const resource of [...config.heartbeats, ...config.networkPartition]) {
      const { name, device } = resource;
      if (hasDeviceFor(server, resource)) continue;
      const message = `${server.name} has no device ${device}, which ${name} needs`;
      report(checked, at(root, path) ?? root, message, `add <device id="${device}">`);
    }
    if (
      config.forceStop?.type === 'bmc' &&
      !server.devices.some((device) => device.kind === 'bmc')
    ) {
      const message = `${server.name} has no device of the kind bmc, which the forced stop needs`;
      report(checked, at(root, path) ?? root, message, 'add one, or take <forcestop> out');
    }
  }
}

/** A hybrid disk lies between two server groups that have no server in common. */
function checkSides(checked: Checked, name: string, element: XmlElement): void {
  const { config } = checked;
  const group = config.groups.find((one) => one.resources.includes(name));
  if (group === undefined) return;
  const sides = group.serverGroups ?? [];
  if (sides.length !== 2) {
    const message = `${name} is in a group of ${sides.length} server groups`;
    report(checked, element, message, 'a hybrid disk resource needs exactly two: <svgpolicy>');
  }
  const servers = mirrorSides(config, name).flatMap((side) => side.servers);
  const twice = servers.find((server, at) => servers.indexOf(server) !== at);
  if (twice === undefined) return;
  const message = `${twice} is in both server groups of ${name}`;
  report(checked, element, message, 'leave it in one of them');
}

function checkMirrors(checked: Checked): void {
  const { config, root } = checked;
  const used = new Map<string, string>();
  for (const { name, type, parameters } of mirrorsOf(config)) {
    const element = at(root, `resource/${type}@${name}`) ?? root;
    const group = config.groups.find((one) => one.resources.includes(name));
    if (resourceKind(type).isGrouped) checkSides(checked, name, element);
    else if (group !== undefined && group.servers.length !== 2) {
      const message = `${name} is in a group of ${group.servers.length} servers`;
      report(checked, element, message, 'a mirror disk resource needs exactly two servers');
    }
    for (const path of ['nmppath', 'diskdev/dppath', 'diskdev/cppath']) {
      const device = parameters[path];
      if (device === undefined) continue;
      const other = used.get(String(device));
      if (other !== undefined) {
        const message = `${device} serves ${other} and ${name}`;
        report(checked, element, message, `give ${name} a partition of its own`);
      }
      used.set(String(device), name);
    }
    for (const id of String(parameters.netdev ?? '')
      .split(',')
      .filter(Boolean)) {
      for (const server of config.servers) {
        if (server.devices.some((device) => device.id === Number(id))) continue;
        const message = `${server.name} has no device ${id}, which ${name} needs`;
        report(checked, element, message, `add <device id="${id}"> of the type mdc`);
      }
    }
  }
}

const CHECKS = [
  checkGroups,
  checkTogether,
  checkDependencies,
  checkMonitors,
  checkDevices,
  checkLines,
  checkMirrors,
];

/** Every name that leads nowhere; `lost`: names of what could not be read. */
export function brokenReferences(
  file: string,
  root: XmlElement,
  config: ClusterConfiguration,
  lost: ReadonlySet<string>,
): DrydockError[] {
  const checked: Checked = { file, root, config, lost, found: [] };
  for (const check of CHECKS) check(checked);
  return checked.found;
}
