/**
 * From what is wrong, and what a person wants, to procedures: those that fit, the right one first,
 * and those that look right and are not, with the reason. Nothing is rehearsed here.
 *
 * What is wrong goes in the order of its danger, its remedies in the order of the file. With a wish
 * what it names goes first.
 */
import { DrydockError } from '../../core/errors.ts';
import type { Json } from '../../core/json.ts';
import type { Remedy, Symptom } from '../../schema/generated/symptoms.ts';
import type { Scope } from '../language/expressions/expressions.ts';
import { fillTemplate } from '../language/template.ts';
import type { LoadedRunbook } from '../language/types.ts';
import { type Asked, type Fit, fitOf, type Wanted } from './fit.ts';
import { type Finding, holdsIn, scopeAbout } from './symptoms.ts';
import { relevanceOf } from './wish.ts';

export interface Proposal {
  loaded: LoadedRunbook;
  /** Of the findings, those that it is for, by their places; empty: for the wish alone. */
  remedies: number[];
  /** How near it is to the wish, 0 to 1; null: nothing was wished. */
  nearness: number | null;
  parameters: Record<string, Json>;
  wants: Wanted[];
  /** It is the answer where this is so, which the cluster does not tell. */
  condition: string | null;
}

export interface Misfit {
  loaded: LoadedRunbook;
  remedies: number[];
  why: string;
}

export interface Proposals {
  proposals: Proposal[];
  misfits: Misfit[];
}

export interface Matter extends Asked {
  symptoms: readonly Symptom[];
  findings: readonly Finding[];
  wish: string | null;
}

/** Less is chance: every runbook shares a word or two with any wish. */
const LEAST_NEARNESS = 0.15;
/** Of the nearest one's: what is much farther from the wish was not meant. */
const LEAST_SHARE = 0.5;
const MOST_BY_WISH = 5;
const MOST_MISFITS = 12;

/** What the remedy says of the runbook's parameters; null: the cluster does not tell it. */
function parametersOf(remedy: Remedy, scope: Scope): Record<string, Json> | null {
  try {
    const entries = Object.entries(remedy.with ?? {});
    return Object.fromEntries(entries.map(([name, text]) => [name, fillTemplate(text, scope)]));
  } catch (error) {
    if (error instanceof DrydockError) return null;
    throw error;
  }
}

class Collector {
  readonly #asked: Asked;
  readonly proposals: Proposal[] = [];
  readonly misfits: Misfit[] = [];

  constructor(asked: Asked) {
    this.#asked = asked;
  }

  fit(loaded: LoadedRunbook, given: Record<string, Json>): Fit {
    return fitOf(this.#asked, loaded, given);
  }

  /** One that is proposed already is for this too; what was only wished learns its parameters. */
  propose(proposal: Proposal): void {
    const { loaded, parameters, wants, condition } = proposal;
    const text = JSON.stringify(parameters);
    const same = this.proposals.find(
      (one) =>
        one.loaded === loaded &&
        (one.remedies.length === 0 || JSON.stringify(one.parameters) === text),
    );
    if (!same) {
      this.proposals.push(proposal);
      return;
    }
    if (same.remedies.length === 0) Object.assign(same, { parameters, wants, condition });
    same.remedies.push(...proposal.remedies.filter((at) => !same.remedies.includes(at)));
  }

  refuse(misfit: Misfit): void {
    const { id } = misfit.loaded.runbook;
    const same = this.misfits.find(({ loaded }) => loaded.runbook.id === id);
    if (!same) this.misfits.push(misfit);
    else same.remedies.push(...misfit.remedies.filter((at) => !same.remedies.includes(at)));
  }

  isNamed(id: string): boolean {
    return this.proposals.some(({ loaded }) => loaded.runbook.id === id);
  }
}

/** What a remedy comes to for a finding. One of another edition is not even looked at. */
function consider(collector: Collector, matter: Matter, at: number, remedy: Remedy): void {
  const loaded = matter.library.get(remedy.runbook);
  const { about, symptom } = matter.findings[at]!;
  if (!loaded) return;
  const scope = scopeAbout(matter.status, matter.topology, about);
  const given = parametersOf(remedy, scope);
  if (given === null) return;
  const fit = collector.fit(loaded, given);
  const isAnswer = symptom.remedies.includes(remedy);
  if (!fit.fits) {
    if (!fit.isKind) collector.refuse({ loaded, remedies: [at], why: fit.why });
    return;
  }
  const isHere = isAnswer && (remedy.when === undefined || holdsIn(remedy.when, scope));
  if (!isHere) {
    const why = isAnswer ? `it is for the case that ${remedy.when}` : caseOf(matter, remedy);
    collector.refuse({ loaded, remedies: [at], why });
    return;
  }
  const { parameters, wants } = fit;
  const condition = remedy.if ?? null;
  collector.propose({ loaded, remedies: [at], nearness: null, parameters, wants, condition });
}

function caseOf({ symptoms }: Matter, remedy: Remedy): string {
  const own = symptoms.filter(({ remedies }) => remedies.includes(remedy));
  return `it is for ${own.map(({ about }) => about).join(', or ')}`;
}

/** Remedies for what could be wrong with the same thing, and is not. */
function lookAlikes({ symptoms, findings }: Matter, { symptom }: Finding): Remedy[] {
  const shown = new Set(findings.map((finding) => finding.symptom));
  return symptoms
    .filter((other) => other.each === symptom.each && !shown.has(other))
    .flatMap(({ remedies }) => remedies);
}

/** In the order of their nearness to the wish. */
function byWish(collector: Collector, matter: Matter, wish: string): void {
  const near = [...relevanceOf(wish, matter.library)]
    .filter(([, nearness]) => nearness >= LEAST_NEARNESS)
    .sort(([, one], [, other]) => other - one);
  let found = 0;
  let least = 0;
  for (const [id, nearness] of near) {
    if (found >= MOST_BY_WISH || nearness < least) return;
    const loaded = matter.library.get(id)!;
    const fit = collector.fit(loaded, {});
    if (fit.fits) {
      const { parameters, wants } = fit;
      found += 1;
      if (found === 1) least = nearness * LEAST_SHARE;
      collector.propose({ loaded, remedies: [], nearness, parameters, wants, condition: null });
    } else if (!fit.isKind) collector.refuse({ loaded, remedies: [], why: fit.why });
  }
}

export function propose(matter: Matter): Proposals {
  const collector = new Collector(matter);
  if (matter.wish !== null) byWish(collector, matter, matter.wish);
  for (const [at, { symptom }] of matter.findings.entries()) {
    for (const remedy of symptom.remedies) consider(collector, matter, at, remedy);
  }
  for (const [at, finding] of matter.findings.entries()) {
    for (const remedy of lookAlikes(matter, finding)) consider(collector, matter, at, remedy);
  }
  const misfits = collector.misfits.filter(({ loaded }) => !collector.isNamed(loaded.runbook.id));
  return { proposals: collector.proposals, misfits: misfits.slice(0, MOST_MISFITS) };
}
