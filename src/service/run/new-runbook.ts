/** A house runbook or an overlay begun: a file in the site's folder that lint has nothing against. */
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { loadLibrary } from '../../runbook/language/library.ts';
import type { LoadedRunbook } from '../../runbook/language/types.ts';
import type { RunbookNewReport } from '../../schema/generated/reports/runbook-new.ts';
import type { Outputs } from '../outputs.ts';
import { type Report, reportOf } from '../report.ts';
import { type SettingsFiles, siteFiles, siteFolder } from '../settings.ts';

export interface NewWish {
  name: string;
  /** The runbook that it puts steps into; null: it is a runbook itself. */
  overlay: string | null;
  /** The file to write; null: by its name, in the site's folder. */
  out: string | null;
}

interface Writing {
  settings: SettingsFiles;
  outputs: Pick<Outputs, 'write'>;
}

const runbookText = (
  id: string,
) => `# What each field means: runbooks/README.md. What is wrong with it: drydock lint FILE.
id: ${id}
title: Say what it does, as an order
site: where the site documents it
editions: [SE, XE, LE, X]
kind: procedure
summary: >-
  What it is for, and where it ends.
parameters:
  server: { type: string, from: servers, description: the server it is about }
requires:
  - { that: "servers.all(s, s.state == 'Online')", or: every server must be online }
steps:
  - id: ready
    title: See that nobody works on {server}
    confirm: { question: "Is nobody working on {server}?" }
    undo: none

  - id: show
    title: Show the cluster
    on: "{server}"
    run: clpstat
    expect-output: "{server}"
    undo: none
    safe: true
`;

const overlayText = (id: string, { runbook }: LoadedRunbook) => {
  const steps = runbook.steps.filter(({ overlay }) => overlay === undefined);
  const named = steps.map((step) => `#   ${step.id.padEnd(24)} ${step.title}`).join('\n');
  return `# What each field means: runbooks/README.md. What is wrong with it: drydock lint FILE.
# The steps of ${runbook.id}, ${runbook.title}:
${named}
overlay: ${runbook.id}
id: ${id}
title: Say what the site's own steps are for
insert:
  - at: begin                  # or end, or instead of \`at\` before: STEP or after: STEP
    steps:
      - id: told
        title: Tell the people who use the cluster
        confirm: { question: Do the people who use the cluster know? }
        undo: none
`;
};

function requireName(name: string, library: ReadonlyMap<string, unknown>): void {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name) || /^(v3|x5|part)-/.test(name)) {
    throw badInput(`'${name}' is no name for a runbook of the site`, {
      code: 'usage',
      remedy: 'small letters, figures and dashes; v3-, x5- and part- are taken',
    });
  }
  if (!library.has(name)) return;
  throw badInput(`there is a runbook '${name}' already`, {
    code: 'runbook.double',
    remedy: 'take another name: `drydock list` shows them',
  });
}

function fileOf(settings: SettingsFiles, { name, overlay, out }: NewWish): string {
  if (out !== null) return out;
  const named = siteFolder(settings);
  const kind = overlay === null ? 'runbook' : 'overlay';
  if (named) return `${settings.made(named.folder)}/${name}.${kind}.yaml`;
  throw badInput('no folder is named for the runbooks of the site', {
    code: 'site.unset',
    remedy: `write \`runbooks: FOLDER\` into ${settings.file}, set DRYDOCK_RUNBOOKS, or give --out FILE`,
  });
}

export function newRunbook(
  { settings, outputs }: Writing,
  wish: NewWish,
): Report<RunbookNewReport> {
  const { name, overlay } = wish;
  const file = fileOf(settings, wish);
  const library = loadLibrary(siteFiles({ ...settings, list: (at) => settings.list(at) ?? [] }));
  requireName(name, library);
  const runbook = overlay === null ? null : library.get(overlay);
  if (runbook === undefined) {
    throw badInput(`there is no runbook '${overlay}' to put steps into`, {
      code: 'runbook.unknown',
      remedy: suggestion(overlay ?? '', library.keys()),
    });
  }
  outputs.write(file, runbook === null ? runbookText(name) : overlayText(name, runbook));
  return reportOf({ schema: 'drydock.runbook-new/1', id: name, overlay, file });
}
