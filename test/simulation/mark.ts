/** What an aimed move is aimed at (aims.ts), and the lines that several of them are made of. */
import type { Dice } from './dice.ts';

/** A group, its first server, the next one, and what it has. */
export interface Mark {
  group: string;
  home: string;
  next: string;
  exec: string | undefined;
}

export type Aim = (dice: Dice, mark: Mark) => string[];

export const wait = (dice: Dice, ...ms: number[]) => `advance ${dice.of(ms)}`;

/** Cables that carry what is said; where `isWhole` is false, others still carry heartbeats. */
export function cables(dice: Dice, verb: 'cut' | 'heal', pair: string, isWhole: boolean): string[] {
  return isWhole ? [`${verb} * ${pair}`] : nets(dice, verb, pair, /^(lan|mdc)/);
}

/** Those cables whose names fit. */
export function nets(
  dice: Dice,
  verb: 'cut' | 'heal' | 'delay',
  pair: string,
  which: RegExp,
): string[] {
  return dice.nets.filter((net) => which.test(net)).map((net) => `${verb} ${net} ${pair}`);
}

export const move = ({ home, group }: Mark) => `begin exec ${home} clpgrp -m ${group}`;
