/**
 * Overlays: a site's own steps at named points of a runbook, which is not copied. What comes out is
 * a runbook like another, so that planning, rehearsal, record and undo know nothing of overlays: its
 * hash covers them, and a site's step is called OVERLAY/STEP.
 *
 *     at: begin     before the first step          before: STEP    ┐ taken when that step
 *     at: end       after the last one             after: STEP     ┘ is taken (choice of ours)
 *
 * Several overlays at one point stand in the order of their ids.
 */
import { badInput, type DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Overlay, Parameter, Step } from '../../schema/generated/runbook.ts';
import { qualifyChoices } from '../plan/choices.ts';
import { type Complain, complainOfDoubles, hashOf, loadStep, readSource } from './load.ts';
import type { FieldPath, LoadedRunbook, LoadedStep } from './types.ts';

/** A step of an overlay, and where in its file it stands. */
interface OwnStep {
  step: LoadedStep;
  path: FieldPath;
}

interface LoadedInsertion {
  /** `begin`, `end`, or a step of the runbook with the side of it. */
  point: string;
  /** The step of the runbook that it names; null: none. */
  target: string | null;
  path: FieldPath;
  steps: OwnStep[];
}

export interface LoadedOverlay {
  file: string;
  hash: string;
  overlay: Overlay;
  insertions: LoadedInsertion[];
  placeOf: LoadedRunbook['placeOf'];
}

/** By its head: `overlay:` is a field of no runbook. */
export function isOverlay(text: string): boolean {
  return /^overlay\s*:/m.test(text);
}

const NOT_HERE = ['source', 'added', 'moved'] as const;

function loadOwnStep(step: Step, path: FieldPath, complain: Complain): OwnStep {
  for (const field of NOT_HERE) {
    if (step[field] === undefined) continue;
    const message = `a site's step has no '${field}': no manual has it`;
    complain([...path, field], message, `drop ${field}; the overlay's title says why it is there`);
  }
  return { step: loadStep(step, path, complain), path };
}

function loadInsertion(
  insertion: Overlay['insert'][number],
  index: number,
  complain: Complain,
): LoadedInsertion {
  const path = ['insert', index];
  const { at, before, after } = insertion;
  const named = [at, before, after].filter((one) => one !== undefined);
  if (named.length !== 1) {
    const message = named.length === 0 ? 'it says nowhere where' : 'it names several points';
    complain(path, message, 'write one of at: begin, at: end, before: STEP, after: STEP');
  }
  const side = before === undefined ? 'after' : 'before';
  return {
    point: at ?? `${side} ${before ?? after}`,
    target: before ?? after ?? null,
    path,
    steps: insertion.steps.map((step, place) =>
      loadOwnStep(step, [...path, 'steps', place], complain),
    ),
  };
}

/** Parses one overlay; throws RunbookErrors with everything that is wrong. */
export function loadOverlay(text: string, file: string): LoadedOverlay {
  const { source, placeOf, complain, end } = readSource<Overlay>(text, file, 'overlay');
  const insertions = source.insert.map((one, index) => loadInsertion(one, index, complain));
  complainOfDoubles(
    insertions.flatMap(({ steps }) => steps.map(({ step, path }) => ({ id: step.id, path }))),
    complain,
  );
  end();
  return { file, hash: hashOf(source), overlay: source, insertions, placeOf };
}

/** What of the overlay does not fit the runbook. */
export function misfits(loaded: LoadedRunbook, one: LoadedOverlay): DrydockError[] {
  const { runbook } = loaded;
  const found: DrydockError[] = [];
  const report = (path: FieldPath, message: string, remedy: string) =>
    found.push(badInput(message, { code: 'overlay.misfit', place: one.placeOf(path), remedy }));
  const steps = runbook.steps.map(({ id }) => id);
  for (const { target, point, path } of one.insertions) {
    if (target === null || steps.includes(target)) continue;
    const side = point.split(' ')[0] as string;
    report([...path, side], `${runbook.id} has no step '${target}'`, suggestion(target, steps));
  }
  if (steps.includes(one.overlay.id)) {
    report(['id'], `${runbook.id} has a step '${one.overlay.id}'`, 'call the overlay otherwise');
  }
  const taken = [...Object.keys(runbook.parameters ?? {}), ...Object.keys(runbook.roles ?? {})];
  for (const name of Object.keys(one.overlay.parameters ?? {})) {
    if (!taken.includes(name)) continue;
    const remedy = 'use the one of the runbook, or take another name';
    report(['parameters', name], `${runbook.id} has a '${name}' already`, remedy);
  }
  return found;
}

function both(outer: string | undefined, inner: string | undefined): string | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return `(${outer}) && (${inner})`;
}

/** The condition of a site's step, its own choices by the names that they have in the runbook. */
function conditionOf(one: LoadedOverlay, step: LoadedStep, target: LoadedStep | undefined) {
  const own = new Set(one.insertions.flatMap(({ steps }) => steps.map((each) => each.step.id)));
  let inner = step.when;
  try {
    if (inner !== undefined) {
      inner = qualifyChoices(inner, `${one.overlay.id}/`, (name) => own.has(name));
    }
  } catch {
    // It is no expression, which lint reports, or the plan.
  }
  return both(target?.when, inner);
}

interface Placed {
  step: LoadedStep;
  /** Where it stands: in the runbook, or in an overlay. */
  from: { placeOf: LoadedRunbook['placeOf']; path: FieldPath };
}

function stepsAt(overlays: readonly LoadedOverlay[], point: string, target?: LoadedStep): Placed[] {
  return overlays.flatMap((one) => {
    const { id, title } = one.overlay;
    const here = one.insertions.filter((insertion) => insertion.point === point);
    return here
      .flatMap(({ steps }) => steps)
      .map(({ step, path }) => {
        const when = conditionOf(one, step, target);
        return {
          step: {
            ...step,
            id: `${id}/${step.id}`,
            added: title,
            overlay: id,
            ...(when === undefined ? {} : { when }),
          },
          from: { placeOf: one.placeOf, path },
        };
      });
  });
}

/** The runbook with what overlays put into it; they fit it. */
export function overlaid(loaded: LoadedRunbook, overlays: LoadedOverlay[]): LoadedRunbook {
  if (overlays.length === 0) return loaded;
  const sorted = overlays.toSorted((a, b) => (a.overlay.id < b.overlay.id ? -1 : 1));
  const { runbook } = loaded;
  const placed: Placed[] = [
    ...stepsAt(sorted, 'begin'),
    ...runbook.steps.flatMap((step, index) => [
      ...stepsAt(sorted, `before ${step.id}`, step),
      { step, from: { placeOf: loaded.placeOf, path: ['steps', index] } },
      ...stepsAt(sorted, `after ${step.id}`, step),
    ]),
    ...stepsAt(sorted, 'end'),
  ];
  const used = sorted.map(({ file, hash, overlay: { id, title } }) => ({ id, title, file, hash }));
  const parameters = sorted.map(({ overlay }) => overlay.parameters ?? {});
  return {
    file: loaded.file,
    hash: hashOf({ runbook: loaded.hash, overlays: used.map(({ id, hash }) => ({ id, hash })) }),
    overlays: used,
    runbook: {
      ...runbook,
      parameters: Object.assign({}, runbook.parameters, ...parameters) as Record<string, Parameter>,
      requires: [
        ...(runbook.requires ?? []),
        ...sorted.flatMap(({ overlay }) => overlay.requires ?? []),
      ],
      steps: placed.map(({ step }) => step),
    },
    placeOf: placesWith(loaded, sorted, placed),
  };
}

/** Back from a field of the whole runbook to the file that it stands in. */
function placesWith(
  loaded: LoadedRunbook,
  overlays: readonly LoadedOverlay[],
  placed: readonly Placed[],
): LoadedRunbook['placeOf'] {
  const ownRequires = loaded.runbook.requires?.length ?? 0;
  const required = overlays.flatMap(({ placeOf, overlay }) =>
    (overlay.requires ?? []).map((_, index) => ({ placeOf, index })),
  );
  return (path, offset) => {
    const [field, key, ...more] = path;
    if (field === 'steps' && typeof key === 'number') {
      const from = placed[key]?.from;
      if (from) return from.placeOf([...from.path, ...more], offset);
    }
    if (field === 'requires' && typeof key === 'number') {
      const one = required[key - ownRequires];
      if (one) return one.placeOf(['requires', one.index, ...more], offset);
    }
    if (field === 'parameters' && typeof key === 'string') {
      const one = overlays.find(({ overlay }) => Object.hasOwn(overlay.parameters ?? {}, key));
      if (one) return one.placeOf(path, offset);
    }
    return loaded.placeOf(path, offset);
  };
}
