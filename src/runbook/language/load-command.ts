/**
 * A command written as one string becomes an argument array, once, when the runbook is loaded and
 * before any value is put in. So a value can never become two arguments, and there is no shell
 * that could read one. Quotes and backslashes work as in a shell; nothing expands. What lies
 * between braces is a template and is copied as it stands.
 */
import { badInput, type DrydockError } from '../../core/errors.ts';
import { endOfTemplate } from './template-parse.ts';

/** Characters that mean something to a shell: written without quotes, the author expects one. */
const SHELL_ONLY = new Set('|&;<>$`()*?~#!');

interface Cursor {
  text: string;
  at: number;
}

function problem(cursor: Cursor, message: string, remedy: string): DrydockError {
  return badInput(`command '${cursor.text}': ${message}`, { code: 'command.malformed', remedy });
}

/** Copies a template, or the doubled brace that stands for a literal one. */
function takeBraces(cursor: Cursor): string {
  const { text, at } = cursor;
  const doubled = text.slice(at, at + 2);
  const end = doubled === '{{' ? at + 2 : endOfTemplate(text, at);
  if (end < 0) throw problem(cursor, 'a { is never closed', 'close it, or write {{ for a brace');
  cursor.at = end;
  return text.slice(at, end);
}

function takeQuoted(cursor: Cursor, quote: string): string {
  cursor.at++;
  let taken = '';
  for (;;) {
    const char = cursor.text[cursor.at];
    if (char === undefined) throw problem(cursor, `a ${quote} is never closed`, 'close the quotes');
    if (char === quote) break;
    if (char === '{') {
      taken += takeBraces(cursor);
    } else if (char === '\\' && quote === '"' && /["\\]/.test(cursor.text[cursor.at + 1] ?? '')) {
      taken += cursor.text[cursor.at + 1];
      cursor.at += 2;
    } else {
      taken += char;
      cursor.at++;
    }
  }
  cursor.at++;
  return taken;
}

function takeWord(cursor: Cursor): string {
  let word = '';
  for (;;) {
    const char = cursor.text[cursor.at];
    if (char === undefined || /\s/.test(char)) return word;
    if (char === '"' || char === "'") {
      word += takeQuoted(cursor, char);
    } else if (char === '{') {
      word += takeBraces(cursor);
    } else if (char === '\\') {
      const next = cursor.text[cursor.at + 1];
      if (next === undefined) throw problem(cursor, 'it ends in a backslash', 'remove it');
      word += next;
      cursor.at += 2;
    } else if (SHELL_ONLY.has(char)) {
      throw problem(cursor, `'${char}' needs a shell, and there is none`, 'quote it, or use steps');
    } else {
      word += char;
      cursor.at++;
    }
  }
}

/** Splits a command into arguments; throws badInput on what a shell would have to interpret. */
export function splitCommand(text: string): string[] {
  const cursor: Cursor = { text, at: 0 };
  const words: string[] = [];
  for (;;) {
    while (/\s/.test(text[cursor.at] ?? '')) cursor.at++;
    if (cursor.at >= text.length) break;
    words.push(takeWord(cursor));
  }
  if (words.length === 0 || words[0] === '') {
    throw problem(cursor, 'it names no program', 'write the program and its arguments');
  }
  return words;
}
