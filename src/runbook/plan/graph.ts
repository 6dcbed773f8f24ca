/** A runbook or a plan as a picture of its statechart, in four notations of one model. */
import type { Plan } from '../../core/plan.ts';
import type { Library, LoadedRunbook } from '../language/types.ts';
import { graphModel } from './graph-model.ts';
import { svgOf } from './graph-svg.ts';
import { dotOf, drawingOf, mermaidOf } from './graph-text.ts';

export function graphOf(source: Plan | LoadedRunbook, library: Library = new Map()) {
  const model = graphModel(source, library);
  return {
    mermaid: mermaidOf(model),
    svg: svgOf(model),
    dot: dotOf(model),
    text: drawingOf(model),
  };
}
