/** Calendars as texts, and what is frozen by them. */
import { frozenAt } from '../../src/change/freeze.ts';

export const calendar = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:test', ...lines, 'END:VCALENDAR', ''].join('\r\n');
export const event = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];
export const one = (...lines: string[]) => calendar(...event('UID:1', ...lines));
export const held = (ics: string) => [{ name: 'f', ics }];

/** Until when it is frozen at each instant, without seconds; `free` where it is not. */
export function told(ics: string, instants: readonly string[]): string[] {
  return instants.map((at) => {
    const found = frozenAt(held(ics), Date.parse(at));
    return found ? new Date(found.until).toISOString().slice(0, 16) : 'free';
  });
}
