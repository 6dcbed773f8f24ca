/** What a site set, without any file. */
import type { SettingsFiles } from '../../src/service/settings.ts';

export const NO_SETTINGS: SettingsFiles = {
  file: '/site/config.yaml',
  read: () => null,
  runbooks: null,
  resolve: (path) => `/site/${path}`,
  list: () => null,
  made: (folder) => folder,
};

/** A site with these files in its folder, `/site/runbooks`. */
export function siteOf(files: Record<string, string>): SettingsFiles {
  const listed = Object.entries(files).map(([file, text]) => ({ file, text }));
  return {
    ...NO_SETTINGS,
    read: () => 'runbooks: runbooks\n',
    list: (folder) => (folder === '/site/runbooks' ? listed : null),
  };
}
