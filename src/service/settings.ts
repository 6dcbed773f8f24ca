/**
 * What a site set for itself: its configuration file, which need not be there, and its folder of
 * runbooks. Read anew for each use case.
 */
import { Ajv } from 'ajv';
import { badInput } from '../core/errors.ts';
import { durationMs } from '../runbook/language/durations.ts';
import type { SourceFile } from '../runbook/language/load.ts';
import { describeSchemaError } from '../runbook/language/load-messages.ts';
import { readPlainYaml } from '../runbook/language/plain-yaml.ts';
import { TYPICAL, type Typical } from '../runbook/run/estimate.ts';
import schema from '../schema/config.schema.json' with { type: 'json' };
import type { Settings } from '../schema/generated/config.ts';

const MAX_CHARS = 64 * 1024;

/** Where settings lie. */
export interface SettingsFiles {
  /** The configuration file. */
  file: string;
  /** Its text; null: there is none. */
  read(): string | null;
  /** The folder of runbooks that goes before the one in the file, and by what it was named. */
  runbooks: { folder: string; by: string } | null;
  /** As seen from the folder of the configuration file. */
  resolve(path: string): string;
  /** The site's runbooks and overlays in a folder and below, in order; null: there is none. */
  list(folder: string): SourceFile[] | null;
  /** The folder, which is there from now on. */
  made(folder: string): string;
}

/** Throws the first thing that is wrong, with its place. */
export function readSettings(files: Pick<SettingsFiles, 'file' | 'read'>): Settings {
  const { file } = files;
  const text = files.read();
  if (text === null) return {};
  if (text.length > MAX_CHARS) {
    throw badInput(`the configuration is longer than ${MAX_CHARS} characters`, {
      code: 'config.size',
      place: { file },
      remedy: 'see whether it is the right file',
    });
  }
  const { document, places, errors } = readPlainYaml(text, file, 'a configuration');
  if (errors[0]) throw errors[0];
  // A file of comments alone sets nothing.
  const settings: unknown = document.toJS({ maxAliasCount: 0 }) ?? {};
  const fits = new Ajv({ allErrors: true, verbose: true }).compile(schema);
  if (fits(settings)) return settings as Settings;
  const said = (fits.errors ?? []).map((error) =>
    describeSchemaError(error, settings, 'the configuration'),
  );
  const { path, message, remedy } = said.find((one) => one !== null) ?? {
    path: [],
    message: 'the configuration is not as it should be',
    remedy: 'see src/schema/config.schema.json',
  };
  throw badInput(message, { code: 'config.malformed', place: places.of(path), remedy });
}

/** Typical times, where the site set none those that are ours. */
export function typicalTimes(files: Pick<SettingsFiles, 'file' | 'read'>): Typical {
  const { durations = {} } = readSettings(files);
  const { boot, shutdown, fsck, copy } = durations;
  return {
    bootMs: boot === undefined ? TYPICAL.bootMs : durationMs(boot),
    shutdownMs: shutdown === undefined ? TYPICAL.shutdownMs : durationMs(shutdown),
    fsckMs: fsck === undefined ? TYPICAL.fsckMs : durationMs(fsck),
    copyBytesPerSecond: copy === undefined ? TYPICAL.copyBytesPerSecond : copy * 1024 * 1024,
  };
}

/** The folder of the site's runbooks, and by what it was named; null: none is. */
export function siteFolder(files: SettingsFiles): { folder: string; by: string } | null {
  if (files.runbooks) return files.runbooks;
  const { runbooks } = readSettings(files);
  return runbooks === undefined ? null : { folder: files.resolve(runbooks), by: files.file };
}

/** The site's runbooks and overlays; throws where a folder was named that is not there. */
export function siteFiles(files: SettingsFiles): SourceFile[] {
  const named = siteFolder(files);
  if (named === null) return [];
  const found = files.list(named.folder);
  if (found) return found;
  throw badInput(`there is no folder ${named.folder} of runbooks, which ${named.by} names`, {
    code: 'site.missing',
    remedy: 'make it (`drydock new NAME` does), or name another one',
  });
}
