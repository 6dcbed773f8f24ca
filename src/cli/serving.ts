/**
 * The command line as one that takes requests: what a use case (src/service) is handed, and how its
 * report is printed. Composition: here ports meet their real adapters.
 */
import { existsSync, readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { keepAnchor, parsePlace, readAnchors } from '../adapters/anchors.ts';
import { documentPath, putDocument, readDocumentFolder } from '../adapters/document-folder.ts';
import { ownKeys, publicLineOf } from '../adapters/own-keys.ts';
import { secretVouch } from '../adapters/secret-key.ts';
import { sshKeygen } from '../adapters/ssh-keygen.ts';
import { systemClock } from '../adapters/system-clock.ts';
import { DrydockError } from '../core/errors.ts';
import type { Context, ControlHost } from '../service/context.ts';
import type { Report } from '../service/report.ts';
import type { Keys } from '../service/window/keys.ts';
import type { DocumentFolder } from '../service/window/workspace.ts';
import { openCluster } from './cluster/cluster.ts';
import { inventoryOf } from './cluster/inventory.ts';
import { type Cli, print } from './context.ts';
import { recordsOf } from './record/journal.ts';
import { settingsOf } from './run/site.ts';
import { twins } from './run/twins.ts';
import type { Args } from './verbs/args.ts';
import { programVersion } from './version.ts';
import { eventSayer } from './words/events.ts';
import { personOf } from './words/person.ts';
import { readText } from './words/reading.ts';
import { writeFolder, writeLines, writeNew } from './words/writing.ts';

function word(given: unknown): string | null {
  return typeof given === 'string' ? given : null;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address),
  );
}

/** The bundled verifier lies beside the program. */
function verifier(): Uint8Array | null {
  const here = dirname(fileURLToPath(import.meta.url));
  const found = [here, join(here, '..')].map((folder) => join(folder, 'drydock-verify.mjs'));
  const file = found.find((one) => existsSync(one));
  return file === undefined ? null : readFileSync(file);
}

function hostOf(cli: Cli): ControlHost {
  return {
    name: hostname(),
    addresses: ownAddresses,
    stateFolder: cli.home,
    version: programVersion,
    vouch: secretVouch(cli.home),
    verifier,
    die: () => process.kill(process.pid, 'SIGKILL'),
  };
}

/** `--folder`, else `$DRYDOCK_WINDOWS`, else `windows` in the state folder. */
export function documentsOf(cli: Cli, args: Args): DocumentFolder {
  const given = word(args.folder) ?? (process.env.DRYDOCK_WINDOWS || null);
  const folder = given === null ? join(cli.home, 'windows') : resolve(given);
  return {
    folder,
    read: () => {
      const { papers: signedDocuments, odd } = readDocumentFolder(folder);
      return { papers: signedDocuments.map(({ paper: document }) => document), odd };
    },
    put: (document) => {
      const { file, isNew } = putDocument(folder, document);
      return { file, path: join(folder, file), isNew };
    },
    nameOf: (document) => basename(documentPath(document), '.json'),
  };
}

/** `--key`, else `$DRYDOCK_KEY`; `--as`. */
export function keysOf(args: Args): Keys {
  return {
    named: word(args.key) ?? (process.env.DRYDOCK_KEY || null),
    as: word(args.as),
    isThere: existsSync,
    publicLineOf,
    own: () => ownKeys(),
    sign: (text, namespace, key) => sshKeygen().sign(text, namespace, key),
  };
}

async function clusterIfAny(cli: Cli, args: Args) {
  try {
    return await openCluster(cli, args);
  } catch (error) {
    if (!(error instanceof DrydockError) || args.cluster !== undefined) throw error;
    return null;
  }
}

export function contextOf(cli: Cli, args: Args): Context {
  return {
    who: cli.who,
    login: cli.login,
    host: hostOf(cli),
    clock: systemClock(),
    records: recordsOf(cli),
    inventory: inventoryOf(cli),
    documents: documentsOf(cli, args),
    keys: keysOf(args),
    person: personOf(cli, args),
    twins,
    anchors: { check: (place) => void parsePlace(place), keep: keepAnchor, read: readAnchors },
    outputs: { write: writeNew, writeLines, writeFolder },
    settings: settingsOf(cli),
    readText,
    openCluster: () => openCluster(cli, args),
    openClusterIfAny: () => clusterIfAny(cli, args),
    tell: eventSayer(cli),
  };
}

/** Prints what a use case hands back, its data or the words for it; the answer is the exit code. */
export function show<Data extends { schema: string }>(
  cli: Cli,
  { data, exit }: Report<Data>,
  words: (data: Data) => string,
): number {
  print(cli, data, () => words(data));
  return exit;
}
