/**
 * The catalogue: every documented procedure of both manuals, with the labels of its steps
 * (runbooks/procedures.tsv). A label is the manual's own number; a letter splits one printed
 * step, `u1` is a step that the manual does not number, `1/2` are printed alternatives, `s1` and
 * `13alt` stand in a box beside the steps.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from './package-root.ts';

export interface Procedure {
  id: string;
  manual: 'v3' | 'x5';
  section: string;
  editions: string[];
  kind: string;
  /** Each entry is one documented step: its label, or the labels of its alternatives. */
  labels: string[][];
  title: string;
}

export function parseCatalogue(text: string): Map<string, Procedure> {
  const procedures = new Map<string, Procedure>();
  for (const line of text.split('\n').slice(1)) {
    const [id, manual, section, editions, kind, labels, title] = line.split('\t');
    if (!id || !manual || !section || !editions || !kind || !title) continue;
    procedures.set(id, {
      id,
      manual: manual as 'v3' | 'x5',
      section,
      editions: editions.split(','),
      kind,
      labels: (labels ?? '')
        .split(' ')
        .filter(Boolean)
        .map((label) => label.split('/')),
      title,
    });
  }
  return procedures;
}

export function readCatalogue(): Map<string, Procedure> {
  return parseCatalogue(readFileSync(join(packageRoot(), 'runbooks', 'procedures.tsv'), 'utf8'));
}
