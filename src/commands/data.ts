/**
 * What a command hands over beside its words: one of the documents whose schemas lie in
 * src/schema/reports. A command that shows something makes this first, and its words from it; one
 * that acts says what it did.
 */

import type { ActiveOn } from '../schema/generated/reports/active-on.ts';
import type { ActDone, ActsDone } from '../schema/generated/reports/acts.ts';
import type { ClusterView } from '../schema/generated/reports/cluster-view.ts';
import type { LintReport } from '../schema/generated/reports/lint.ts';
import type { MirrorStatistics } from '../schema/generated/reports/mirror-statistics.ts';
import type { MirrorView } from '../schema/generated/reports/mirror-view.ts';
import type { NamesShown } from '../schema/generated/reports/names.ts';
import type { PropertiesShown } from '../schema/generated/reports/properties.ts';
import type { RebootCounts } from '../schema/generated/reports/reboot-counts.ts';
import type { TimeoutRatioShown } from '../schema/generated/reports/timeout-ratio.ts';

export type CommandData =
  | ActsDone
  | ActiveOn
  | ClusterView
  | LintReport
  | MirrorStatistics
  | MirrorView
  | NamesShown
  | PropertiesShown
  | RebootCounts
  | TimeoutRatioShown;

export type Act = Pick<ActDone, 'act' | 'kind' | 'server'> & Partial<ActDone>;

export function actsDone(...acts: readonly Act[]): ActsDone {
  const whole = acts.map((act) => ({ name: null, to: null, failure: null, ...act }));
  return { schema: 'drydock.acts/1', acts: whole };
}
