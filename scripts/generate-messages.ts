/**
 * What code raises of src/messages/*.json, as one module: the templates, and the types of what each
 * is given, from the places in them. The rows that nothing raises yet are not in it, so that no
 * program carries them about.
 */
import driver from '../src/messages/driver.json' with { type: 'json' };
import failures from '../src/messages/failures.json' with { type: 'json' };
import own from '../src/messages/own.json' with { type: 'json' };
import v3 from '../src/messages/v3.json' with { type: 'json' };
import x5 from '../src/messages/x5.json' with { type: 'json' };
import type { FailureRow } from '../src/schema/generated/failure-words.ts';
import type { MessageRow } from '../src/schema/generated/message-catalogue.ts';

type Raised<R extends { key?: string }> = R & { key: string };

function raised<R extends { key?: string }>(rows: readonly R[]): Raised<R>[] {
  return rows.filter((row): row is Raised<R> => row.key !== undefined);
}

/** How many arguments a template takes: its highest %n. */
export function argumentCount(text: string): number {
  return Math.max(0, ...[...text.matchAll(/%(\d)/g)].map(([, nth]) => Number(nth)));
}

/** `key: [_1: Said, …]`, with the template above it for editors to show. */
function line({ key, text }: { key: string; text: string }): string {
  const places = Array.from({ length: argumentCount(text) }, (_, nth) => `_${nth + 1}: Said`);
  return `  /** ${text} */\n  '${key}': [${places.join(', ')}];\n`;
}

function types(rows: readonly { key: string; text: string }[]): string {
  return `{\n${rows.map(line).join('')}}`;
}

function data<R extends { key: string }>(rows: R[], of: (row: R) => object): string {
  return JSON.stringify(Object.fromEntries(rows.map((row) => [row.key, of(row)])), null, 2);
}

const message = ({ module, level, id = 0, to, text }: MessageRow) => ({
  module,
  level,
  id,
  to,
  text,
});
const failure = ({ code = 0, text }: FailureRow) => ({ code, text });

export function raisedMessages(): string {
  const first = raised([...v3, ...driver, ...own] as MessageRow[]);
  const second = raised([...x5, ...driver, ...own] as MessageRow[]);
  const words = raised(failures as FailureRow[]);
  return `/* Generated from src/messages/*.json by \`npm run types\`. */
import type { Destination } from '../../ports/log.ts';

export type Said = string | number;

/** What each message is given, by generation. */
export interface MessageArguments {
v3: ${types(first)};
x5: ${types(second)};
}

/** What the words of each failure are given. */
export interface FailureArguments ${types(words)}

type Templates<Keys, Template> = { [K in keyof Keys]: Template };

export interface MessageTemplate {
  module: string;
  level: 'Info' | 'Warning' | 'Error';
  /** 0 for a line of the mirror driver, which has none. */
  id: number;
  /** As delivered. */
  to: readonly Destination[];
  text: string;
}

export interface FailureTemplate {
  /** 0 where none goes with it. */
  code: number;
  text: string;
}

export const MESSAGES: {
  [G in keyof MessageArguments]: Templates<MessageArguments[G], MessageTemplate>;
} = {
"v3": ${data(first, message)},
"x5": ${data(second, message)},
};

export const FAILURES: Templates<FailureArguments, FailureTemplate> = ${data(words, failure)};
`;
}
