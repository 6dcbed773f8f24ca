/** Lays out the folder of a new lab: keys, each server's chassis, file tree and programs. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { isPart, makeFolder, OWNER_ONLY, writeDurablySync } from '../adapters/durable-file.ts';
import { namedScripts } from '../config/index.ts';
import { bytesOfText } from '../core/byte-text.ts';
import { badInput } from '../core/errors.ts';
import { AGENTS_PATH, CONFIG_PATH, SCRIPTS_PATH, SITE_PATH, typesOfAgents } from '../core/paths.ts';
import { checkTypes } from '../engine/index.ts';
import { deliveredFiles } from '../host/delivered.ts';
import { hardwareFor } from '../host/hardware.ts';
import type { Hardware, HostTiming } from '../host/state.ts';
import { packageRoot } from '../runbook/language/package-root.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import { type LabFile, readLabFile } from './lab-file.ts';
import { writeLaunchers } from './launchers.ts';
import { layoutOf } from './layout.ts';
import { writeLabFile } from './write-lab-file.ts';

export interface PrepareOptions {
  folder: string;
  config: ClusterConfiguration;
  configText: string;
  /** Path below the scripts folder, e.g. `failover1/exec1/start.sh` → its text. */
  scripts?: Record<string, string>;
  /** Scripts for types that are not built in: `awsvip.sh` → its text. */
  agents?: Record<string, string>;
  /** Programs of the site, which runbooks run: `quiesce.sh` → its text. */
  programs?: Record<string, string>;
  dataBytes?: number;
  /** Mirrors are mounted for real: root only. */
  realMounts?: boolean;
  powerControl?: string;
  timing?: Partial<HostTiming>;
}

/** Interconnects in the order of their ids. */
function lansOf(config: ClusterConfiguration): string[] {
  const ids = config.servers.flatMap((server) =>
    server.devices.filter((device) => device.kind === 'lan').map((device) => device.id),
  );
  return [...new Set(ids)].sort((a, b) => a - b).map((id) => `lan${id}`);
}

/** Makes the folder and claims it; from here on `lab down` knows what it is. */
function claim(
  folder: string,
  { config, realMounts = false, powerControl }: PrepareOptions,
): { folder: string; lab: LabFile } {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const real = realpathSync(folder);
  if (readLabFile(real)) {
    throw badInput(`there is a lab in ${folder} already`, {
      code: 'lab.exists',
      remedy: 'take it down with `drydock lab down`, or name another one',
    });
  }
  if (readdirSync(real).some((name) => !isPart(name))) {
    throw badInput(`${folder} is not empty`, {
      code: 'lab.folder',
      remedy: 'name a folder that does not exist yet',
    });
  }
  const lab: LabFile = {
    schema: 'drydock.lab/1',
    id: randomBytes(12).toString('hex'),
    state: 'starting',
    cluster: config.name,
    servers: config.servers.map((server) => server.name),
    lans: lansOf(config),
    ...(realMounts ? { realMounts } : {}),
    ...(powerControl === undefined ? {} : { powerControl: resolve(powerControl) }),
    switch: null,
    processes: [],
  };
  writeLabFile(real, lab);
  return { folder: real, lab };
}

/** The scripts that the configuration names, when the caller brought none: they say what they do. */
export function scriptsFor(config: ClusterConfiguration): Record<string, string> {
  const shipped = (name: string) =>
    readFileSync(join(packageRoot(), 'fixtures', 'clusters', 'scripts', name), 'utf8');
  return Object.fromEntries(namedScripts(config).map(({ path, usual }) => [path, shipped(usual)]));
}

function put(root: string, path: string, text: string, mode = 0o600): void {
  const target = join(root, path);
  makeFolder(dirname(target), 0o700);
  writeDurablySync(target, bytesOfText(text), { mode });
}

/** A new server's daemon is not started at its first boot: the mirrors are not built yet. */
function delivered(hardware: Hardware): Hardware {
  const services = { ...hardware.services, clusterpro: { enabled: false } };
  return { ...hardware, services };
}

export function prepareLab(options: PrepareOptions): { folder: string; lab: LabFile } {
  const { config, configText, dataBytes, timing } = options;
  const scripts = options.scripts ?? scriptsFor(config);
  // Before anything is made: a daemon that cannot run its configuration would not start.
  const agents = options.agents ?? {};
  checkTypes(config, typesOfAgents(Object.keys(agents)));
  const { folder, lab } = claim(options.folder, options);
  const layout = layoutOf(folder);
  writeDurablySync(layout.key, `${randomBytes(32).toString('hex')}\n`, { mode: OWNER_ONLY });
  mkdirSync(layout.io, { mode: 0o700 });
  for (const name of lab.servers) {
    const server = layout.server(name);
    for (const path of [server.root, server.disks, server.log, server.kept, server.run]) {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    }
    const hardware = hardwareFor(config, name, {
      ...(dataBytes === undefined ? {} : { dataBytes }),
      ...(timing ? { timing } : {}),
    });
    writeDurablySync(server.hardware, JSON.stringify(delivered(hardware)), { mode: OWNER_ONLY });
    put(server.root, CONFIG_PATH, configText);
    for (const [path, text] of deliveredFiles(config.manual)) put(server.root, path, text);
    for (const [path, text] of Object.entries(scripts)) {
      put(server.root, join(SCRIPTS_PATH, path), text, 0o700);
    }
    for (const [agent, text] of Object.entries(agents)) {
      put(server.root, join(AGENTS_PATH, agent), text, 0o700);
    }
    for (const [program, text] of Object.entries(options.programs ?? {})) {
      put(server.root, join(SITE_PATH, program), text, 0o700);
    }
    writeLaunchers(folder, lab.id, name, server);
  }
  return { folder, lab };
}
