/** What is done to a lab beside what is done to any cluster: given, broken, looked into. */
import { topologyOf } from '../change/topology.ts';
import { badInput } from '../core/errors.ts';
import type { Authority } from '../ports/authority.ts';
import type { Clock } from '../ports/clock.ts';
import type { ClusterDoor } from '../ports/cluster.ts';
import type { OperationRecord } from '../ports/commands.ts';
import type { Medium } from '../ports/views.ts';
import { RemoteError } from '../ports/wire.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { LabFaultReport } from '../schema/generated/reports/lab-fault.ts';
import type { LabIoReport } from '../schema/generated/reports/lab-io.ts';
import type { LabMediumReport } from '../schema/generated/reports/lab-medium.ts';
import type { LabPathReport } from '../schema/generated/reports/lab-path.ts';
import type { LabStatusReport } from '../schema/generated/reports/lab-status.ts';
import type { OperationReport } from '../schema/generated/reports/operation.ts';
import type { Context } from './context.ts';
import { recordCommand } from './notes.ts';
import { type Report, reportOf } from './report.ts';
import { askToType } from './typed.ts';

export type LabFault = LabFaultReport['fault'];
type Io<What> = Omit<Extract<LabIoReport, { what: What }>, 'schema' | 'what' | 'mirror'>;

/** A lab that is up, as a port. */
export interface Lab {
  folder: string;
  servers: string[];
  file: { realMounts?: boolean };
  config: ClusterConfiguration;
  clock: Clock;
  door(): ClusterDoor;
  /** Under an operation id of its own. */
  exec(server: string, argv: string[], how: { authority: Authority }): Promise<OperationRecord>;
  /** A folder for PATH in which every command acts as on that server. */
  path(server: string): string;
  io: {
    write(mirror: string, how: { blocks: number }): Promise<Io<'write'>>;
    verify(mirror: string): Promise<Io<'verify'>>;
    compareCopies(mirror: string): Promise<Io<'compare'>>;
  };
  putMedium(server: string, name: string, medium: Medium): Promise<void>;
  cables(): Promise<Pick<LabStatusReport, 'registered' | 'links' | 'carried'>>;
  /** Resolves when it is in effect; rejects with RemoteError where it cannot be done. */
  fault(fault: LabFault): Promise<void>;
}

/** Exit: that of the command; 4 where the gate did not let it through. */
export async function execOn(
  ctx: Context,
  lab: Lab,
  { server, argv }: { server: string; argv: string[] },
): Promise<Report<OperationReport>> {
  const { clock } = lab;
  const topology = topologyOf(lab.config);
  const typed = { server, argv, who: ctx.who };
  const authority = await askToType(ctx, { topology, clock, door: lab.door() }, typed);
  const ran = await recordCommand(ctx);
  const record = await lab.exec(server, argv, { authority });
  const { exitCode, stdout, stderr } = record;
  await ran({ via: 'lab exec', server, argv, exitCode, output: { stdout, stderr } });
  const exit = record.refused ? 4 : (exitCode ?? 1);
  return reportOf({ schema: 'drydock.operation/1', ...record }, exit);
}

export async function writeBlocks(
  lab: Lab,
  mirror: string,
  blocks: number,
): Promise<Report<Extract<LabIoReport, { what: 'write' }>>> {
  const written = await lab.io.write(mirror, { blocks });
  return reportOf({ schema: 'drydock.lab-io/1', what: 'write', mirror, ...written });
}

/** Exit 1 where a block is not as it was acknowledged. */
export async function verifyBlocks(
  lab: Lab,
  mirror: string,
): Promise<Report<Extract<LabIoReport, { what: 'verify' }>>> {
  const found = await lab.io.verify(mirror);
  const exit = found.wrong.length > 0 ? 1 : 0;
  return reportOf({ schema: 'drydock.lab-io/1', what: 'verify', mirror, ...found }, exit);
}

/** Exit 1 where the copies differ. */
export async function compareCopies(
  lab: Lab,
  mirror: string,
): Promise<Report<Extract<LabIoReport, { what: 'compare' }>>> {
  const found = await lab.io.compareCopies(mirror);
  const exit = found.identical ? 0 : 1;
  return reportOf({ schema: 'drydock.lab-io/1', what: 'compare', mirror, ...found }, exit);
}

/** A medium with a configuration on it, beside a server. */
export async function putMedium(
  lab: Lab,
  { server, name, format, text }: Omit<LabMediumReport, 'schema'> & { text: string },
): Promise<Report<LabMediumReport>> {
  await lab.putMedium(server, name, { label: name, format, files: { 'clp.conf': text } });
  return reportOf({ schema: 'drydock.lab-medium/1', server, name, format });
}

export async function labStatus(lab: Lab): Promise<Report<LabStatusReport>> {
  const { folder, servers } = lab;
  const realMounts = lab.file.realMounts === true;
  const about = { folder, servers, realMounts };
  return reportOf({ schema: 'drydock.lab-status/1', ...about, ...(await lab.cables()) });
}

export function pathOf(lab: Lab, server: string): Report<LabPathReport> {
  return reportOf({ schema: 'drydock.lab-path/1', server, path: lab.path(server) });
}

/** `argv`: the words that asked for it, for the record. */
export async function doFault(
  ctx: Context,
  lab: Lab,
  { fault, argv }: { fault: LabFault; argv: string[] },
): Promise<Report<LabFaultReport>> {
  const ran = await recordCommand(ctx);
  const ended = (exitCode: number) =>
    ran({ via: 'lab fault', server: null, argv, exitCode, output: null });
  try {
    await lab.fault(fault);
  } catch (error) {
    if (!(error instanceof RemoteError)) throw error;
    await ended(2);
    throw badInput(`the fault cannot be done: ${error.message}`, {
      code: error.code,
      cause: error,
    });
  }
  await ended(0);
  return reportOf({ schema: 'drydock.lab-fault/1', fault });
}
