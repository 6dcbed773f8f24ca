/**
 * The commands that the manuals print, by procedure and step (runbooks/commands.tsv): what has to
 * stand in the runbook under that label, spelled so. `<…>` is what the reader puts in: any one
 * argument. Misprints are corrected in the table, which is why it is no copy of the manuals.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

export interface DocumentedCommand {
  /** The step's label in the manual. */
  label: string;
  argv: string[];
}

export type DocumentedCommands = ReadonlyMap<string, DocumentedCommand[]>;

/** Lines of `id, label, command`, with tabs between; a `#` begins a remark. */
export function parseDocumentedCommands(text: string): Map<string, DocumentedCommand[]> {
  const commands = new Map<string, DocumentedCommand[]>();
  for (const line of text.split('\n')) {
    const [id, label, command] = line.split('\t');
    if (!id || id.startsWith('#') || !label || !command) continue;
    const ofProcedure = commands.get(id) ?? [];
    ofProcedure.push({ label, argv: command.split(' ') });
    commands.set(id, ofProcedure);
  }
  return commands;
}

export function readDocumentedCommands(): Map<string, DocumentedCommand[]> {
  const file = join(packageRoot(), 'runbooks', 'commands.tsv');
  return parseDocumentedCommands(readFileSync(file, 'utf8'));
}

/** Whether the arguments of a step, templates not yet filled, are those that the manual prints. */
export function isCommand(documented: readonly string[], argv: readonly string[]): boolean {
  return (
    documented.length === argv.length &&
    documented.every((word, at) => /^<.*>$/.test(word) || word === argv[at])
  );
}
