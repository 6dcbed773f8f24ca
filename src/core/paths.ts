/** Paths on a server (within its own root), below the product's directories. */
import { directory, INSTALL_PATH } from './directories.ts';

export { INSTALL_PATH };
export const CONFIG_PATH = `${directory('configuration')}/clp.conf`;
/** Licences that are registered on a server; where is our choice. */
export const LICENCE_PATH = directory('licences');
/** exec resource scripts: SCRIPTS_PATH/<group>/<resource>/start.sh */
export const SCRIPTS_PATH = directory('scripts');
/** Scripts that another server may ask for (clprexec, clptrnreq). */
export const REQUESTED_PATH = `${directory('work')}/trnreq`;
/** Scripts for types that are not built in; they come with the others. */
export const AGENTS_PATH = `${SCRIPTS_PATH}/agent.s`;
export function agentPath(type: string): string {
  return `${AGENTS_PATH}/${type}.sh`;
}
/** Programs of the site, which runbooks run (site-run); where is our choice. */
export const SITE_PATH = `${SCRIPTS_PATH}/site.s`;
export function siteProgramPath(name: string): string {
  return `${SITE_PATH}/${name}.sh`;
}
/** Of the names in that folder, the types that they are for. */
export function typesOfAgents(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith('.sh')).map((name) => name.slice(0, -'.sh'.length));
}
/** What a server's mirror agent leaves for others to read: its generation, whether it broke. */
export function mirrorNotePath(mirror: string): string {
  return `${directory('work')}/mirror/${mirror}.json`;
}
/** Where the other side's agent says that it went on alone, when this one's does not answer. */
export function mirrorPassedPath(mirror: string): string {
  return `${directory('work')}/mirror/${mirror}.passed`;
}
/** Where clprestore.sh says that a mirror's disk was restored from an image; its agent takes it. */
export function mirrorRestoredPath(mirror: string): string {
  return `${directory('work')}/mirror/${mirror}.restored`;
}
/** The directory of mirror statistics (x5 2.3). */
export const PERF_DISK_PATH = `${directory('statistics')}/disk`;
/** x5 2.2 names it. */
export const ALERT_LOG_FOLDER = `${directory('alert')}/log`;
export const LOG_PATH = directory('logs');
/** Archives that a server makes by itself when something failed (x5 2.9). */
export const ECAP_PATH = `${LOG_PATH}/ecap`;

/** Whether a path, however it is written, names something in the cluster's own folders. */
export function isClusterPath(path: string): boolean {
  const names: string[] = [];
  for (const name of path.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}/`.startsWith(`${INSTALL_PATH}/`);
}

/** Where a script lies that a configuration names: below that folder of scripts, or where it says. */
export function scriptPath(folder: string, file: string): string {
  return file.startsWith('/') ? file : `${SCRIPTS_PATH}/${folder}/${file}`;
}
