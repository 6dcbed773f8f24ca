/** `--plan` as typed: a runbook and its parameters, or a run that is to be undone. */
import { badInput } from '../../core/errors.ts';
import type { PlanSpec } from '../../service/window/approved.ts';
import { pairs } from '../words/asking.ts';

/** `"v3-6.7.2 failed=server2"`: a runbook and its parameters; or `"undo RUN"`. */
export function readPlanWords(text: string): PlanSpec {
  const [runbook = '', ...rest] = text.trim().split(/\s+/);
  if (runbook === '' || runbook.includes('=')) {
    throw badInput(`--plan "${text}" names no runbook`, {
      code: 'usage',
      remedy: 'write --plan "ID NAME=VALUE NAME=VALUE"',
    });
  }
  if (runbook !== 'undo') return { runbook, set: pairs('plan', rest) };
  const [undo, ...more] = rest;
  if (undo === undefined || undo.includes('=') || more.length > 0) {
    throw badInput(`--plan "${text}" does not say which run is to be undone`, {
      code: 'usage',
      remedy: 'write --plan "undo RUN"',
    });
  }
  return { runbook: 'undo', set: {}, undo };
}
