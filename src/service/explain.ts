/** What a message of the cluster means, and what to do about it. Asks no cluster. */
import { directories } from '../core/directories.ts';
import { badInput } from '../core/errors.ts';
import { explain, explainedMessages } from '../messages/explain.ts';
import type { DirectoriesReport } from '../schema/generated/reports/directories.ts';
import type { ExplanationReport } from '../schema/generated/reports/explanation.ts';
import { type Report, reportOf } from './report.ts';

/** So many are shown; who sees that more fit asks more exactly. */
const MOST = 20;

/** `query`: `rc 32`, `md 81`, a line of a log …, see src/messages/explain.ts. */
export function explainMessage(query: string): Report<ExplanationReport> {
  const found = explain(query);
  if (found.length === 0) {
    const modules = new Set(explainedMessages().flatMap(({ module }) => module ?? []));
    throw badInput(`there is no message '${query}'`, {
      code: 'message.unknown',
      remedy: `name a module and an id (rc 32), a type and a code (md 81), or paste a line of the log; modules and types: ${[...modules].sort().join(' ')}`,
    });
  }
  const messages = found.slice(0, MOST);
  const leftOut = found.length - messages.length;
  return reportOf({ schema: 'drydock.explanation/1', query, messages, leftOut });
}

/** Where the product keeps what on a server. */
export function explainDirectories(): Report<DirectoriesReport> {
  return reportOf({ schema: 'drydock.directories/1', directories: directories() });
}
