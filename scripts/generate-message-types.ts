/** The types of what each message of src/messages/ is given, from the places of its template. */
import failures from '../src/messages/failures.json' with { type: 'json' };
import own from '../src/messages/own.json' with { type: 'json' };
import v3 from '../src/messages/v3.json' with { type: 'json' };
import x5 from '../src/messages/x5.json' with { type: 'json' };

interface Row {
  key?: string;
  module?: string;
  id?: number;
  type?: string;
  code?: number;
  text: string;
}

/** How many arguments a template takes: its highest %n. */
export function argumentCount(text: string): number {
  return Math.max(0, ...[...text.matchAll(/%(\d)/g)].map(([, nth]) => Number(nth)));
}

function line({ key, module, id, type, code, text }: Row & { key: string }): string {
  const places = Array.from({ length: argumentCount(text) }, (_, nth) => `_${nth + 1}: Said`);
  const name = [module ?? type, id ?? code].filter((part) => part !== undefined).join(' ');
  return `  /** ${name}: ${text} */\n  '${key}': [${places.join(', ')}];\n`;
}

function isRaised<R extends Row>(row: R): row is R & { key: string } {
  return row.key !== undefined;
}

/** An interface of the rows that code raises and `other` does not have. */
function listed(name: string, rows: readonly Row[], other: readonly Row[] = []): string {
  const elsewhere = new Set(other.filter(isRaised).map(({ key }) => key));
  const lines = rows.filter(isRaised).filter(({ key }) => !elsewhere.has(key));
  return `export interface ${name} {\n${lines.map(line).join('')}}\n`;
}

export function argumentTypes(): string {
  const both = (v3 as Row[]).filter((row) => (x5 as Row[]).some(({ key }) => key === row.key));
  return `/* Generated from src/messages/*.json by \`npm run types\`. */
export type Said = string | number;

${listed('OfBoth', [...both, ...own])}
${listed('OfV3', v3, x5)}
${listed('OfX5', x5, v3)}
/** What each message is given, by generation. */
export interface MessageArguments {
  v3: OfBoth & OfV3;
  x5: OfBoth & OfX5;
}

/** What the words of each failure are given. */
${listed('FailureArguments', failures)}`;
}
