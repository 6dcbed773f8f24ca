/** A cluster command that somebody gives to a server. */
import type { CommandReport } from '../schema/generated/reports/report.ts';
import type { Cluster, Context } from './context.ts';
import { recordCommand } from './notes.ts';
import { type Report, reportOf } from './report.ts';
import { askToType } from './typed.ts';

/** How the program ended; an exit code of null: by a signal. Data of null: it handed none over. */
export interface Ended extends Pick<CommandReport, 'data' | 'stdout' | 'stderr'> {
  exitCode: number | null;
}

export interface GivenCommand {
  server: string;
  name: string;
  args: string[];
  /** As whom that server knows them. */
  who: string;
  /** Runs that server's own program. */
  run(): Promise<Ended>;
}

/** Exit: that of the command; 70 where a signal ended it. */
export async function giveCommand(
  ctx: Context,
  cluster: Pick<Cluster, 'topology' | 'clock' | 'door'>,
  { server, name, args, who, run }: GivenCommand,
): Promise<Report<CommandReport>> {
  const argv = [name, ...args];
  await askToType(ctx, cluster, { server, argv, who });
  const ran = await recordCommand(ctx);
  const { exitCode, data, stdout, stderr } = await run();
  await ran({ via: 'clp', server, argv, exitCode, output: { stdout, stderr } });
  const code = exitCode ?? 70;
  const about = { command: name, server, code, data, stdout, stderr };
  return reportOf({ schema: 'drydock.report/1', ...about }, code);
}
