/** What the programs of a server's parts (daemon, agent) have in common. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editionFile } from '../adapters/edition-file.ts';
import { fileLog } from '../adapters/file-log.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { parseClusterConfiguration } from '../config/index.ts';
import { textOfBytes } from '../core/byte-text.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import type { Clock } from '../ports/clock.ts';
import type { Edition } from '../ports/edition.ts';
import type { Log } from '../ports/log.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import {
  type Plugged,
  plugIn,
  type ServerSurroundings,
  serverSurroundings,
} from './environment.ts';
import { editionPath } from './layout.ts';

export interface PartWorld extends ServerSurroundings, Plugged {
  config: ClusterConfiguration;
  clock: Clock;
  log: Log;
  bootId: string;
  /** Of what it answers to `status`. */
  edition: Edition;
}

/** As EX_CONFIG of sysexits.h: the host takes it for a part that could not start, not for one that died. */
const BAD_CONFIGURATION = 78;

/** Where none lies there, as where the product was just installed, it is as an empty one. */
function configurationIn(root: string): ClusterConfiguration {
  const path = join(root, CONFIG_PATH);
  const text = existsSync(path) ? textOfBytes(readFileSync(path)) : '';
  try {
    return parseClusterConfiguration(text, CONFIG_PATH);
  } catch (error) {
    // Node says in the part's log why, and would end it as any that died.
    process.once('exit', () => {
      process.exitCode = BAD_CONFIGURATION;
    });
    throw error;
  }
}

/** Reads the server's configuration and plugs into the lab's net; the caller registers. */
export function openPart(part: 'daemon' | 'agent'): PartWorld {
  const around = serverSurroundings();
  const clock = systemClock();
  const { layout, server } = around;
  const config = configurationIn(layout.root);
  const { log } = fileLog(join(layout.log, 'system.log'));
  const bootId = process.env.DRYDOCK_BOOT_ID ?? '';
  const edition = editionFile(editionPath(layout, part));
  const plugged = plugIn(around, server, part, clock);
  return { ...around, ...plugged, config, clock, log, bootId, edition };
}

/** Without its supervisor a part has no server to belong to: it ends as in a power loss. */
export function endWithSupervisor(): void {
  process.once('disconnect', () => process.exit(1));
}
