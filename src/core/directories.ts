/**
 * The product's directories on a server, with their numbers in the manuals (v3 chapter 7, x5 2.1).
 * The figures that hold their paths are lost: only those of the system's own folders, of `etc`, `bin`,
 * `log`, `alert/log`, `messages` and `perf` are printed; the others' names are our choice.
 */
import type { Directory } from '../schema/generated/reports/directories.ts';

export const INSTALL_PATH = '/opt/nec/clusterpro';

type Row = Omit<Directory, 'path' | 'numbers'> & { path: string; v3?: number; x5?: number };

const ROWS = {
  alert: { v3: 1, x5: 1, path: 'alert', holds: 'alert synchronization: its modules and files' },
  programs: { v3: 2, x5: 2, path: 'bin', holds: 'programs of the cluster' },
  cloud: { x5: 3, path: 'cloud', holds: 'scripts for clouds' },
  drivers: {
    v3: 3,
    x5: 4,
    path: 'drivers',
    holds: 'the mirror driver; X: those of heartbeat and keepalive too',
  },
  configuration: {
    v3: 4,
    x5: 5,
    path: 'etc',
    holds: 'clp.conf, and the policy files of the modules',
  },
  ha: { x5: 6, path: 'ha', holds: 'what goes with other products: resource agents' },
  libraries: { v3: 5, x5: 7, path: 'lib', holds: 'libraries' },
  licences: {
    v3: 6,
    x5: 8,
    path: 'etc/licences',
    holds: 'licences that are registered: a file of ours',
  },
  logs: { v3: 7, x5: 9, path: 'log', holds: 'logs of the modules' },
  messages: {
    v3: 8,
    x5: 10,
    path: 'messages',
    holds: 'which message goes to alert log, syslog and mail',
  },
  mirrors: { x5: 11, path: 'mirror', holds: 'programs of mirror disks and hybrid disks' },
  statistics: { x5: 12, path: 'perf', holds: 'statistics of disks, the system and the cluster' },
  scripts: { v3: 9, x5: 13, path: 'scripts', holds: 'scripts of exec resources' },
  recovery: { x5: 14, path: 'scripts/monitor.s', holds: 'scripts that a monitor runs' },
  temporary: { v3: 10, x5: 15, path: 'tmp', holds: 'archives of collected logs' },
  webManager: { v3: 11, x5: 16, path: 'webmgr', holds: 'the Web Manager' },
  work: { v3: 12, x5: 17, path: 'work', holds: 'what modules keep while they work' },
  libraryLinks: { v3: 13, path: '/usr/lib', holds: 'links to the libraries' },
  libraryLinks64: { x5: 18, path: '/usr/lib64', holds: 'links to the libraries' },
  programLinks: { v3: 14, x5: 19, path: '/usr/sbin', holds: 'links to the programs' },
  startScripts: {
    v3: 15,
    x5: 20,
    path: '/etc/init.d',
    holds: 'scripts that start and stop the services',
  },
  units: {
    x5: 21,
    path: '/lib/systemd/system',
    holds: 'units of the services, where systemd runs',
  },
} as const satisfies Record<string, Row>;

export function directory(name: keyof typeof ROWS): string {
  const { path } = ROWS[name];
  return path.startsWith('/') ? path : `${INSTALL_PATH}/${path}`;
}

/** In the order of X. */
export function directories(): Directory[] {
  return Object.entries(ROWS).map(([name, row]) => {
    const { v3, x5, holds }: Row = row;
    const numbers = { v3: v3 ?? null, x5: x5 ?? null };
    return { path: directory(name as keyof typeof ROWS), numbers, holds };
  });
}
