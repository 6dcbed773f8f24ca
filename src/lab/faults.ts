/** `lab fault`: what goes wrong, done to real processes, cables and disk images. */
import { findByEnvironment, signalProcess } from '../adapters/process-table.ts';
import { badInput } from '../core/errors.ts';
import type { Json } from '../core/json.ts';
import { type CableFault, cablePairs, EVERY_NET, type Fault } from '../host/faults.ts';
import type { BmcRequest } from '../ports/protocol.ts';
import type { Wire } from '../ports/wire.ts';
import { serverMarks } from './environment.ts';
import type { LabFile } from './lab-file.ts';
import type { LabTransport } from './lab-transport.ts';
import type { LinkChange } from './links.ts';

const BMC_TIMEOUT_MS = 15_000;
const SIGNALS = {
  killProcess: 'SIGKILL',
  stopProcess: 'SIGSTOP',
  continueProcess: 'SIGCONT',
} as const;
const CHASSIS = {
  kill: 'power.cut',
  powerOn: 'power.on',
  reset: 'power.reset',
  freeze: 'freeze',
  thaw: 'thaw',
} as const;

export interface FaultContext {
  wire: Wire;
  transport: LabTransport;
  lab: LabFile;
  /** Every net that servers share. */
  nets: string[];
  /** What a cable can lead to (host/faults.ts). */
  ends: string[];
}

function changesOf(fault: CableFault, { nets, ends }: FaultContext): LinkChange[] {
  for (const name of [fault.from, fault.to ?? fault.from]) {
    if (ends.includes(name)) continue;
    throw badInput(`there is no server ${name}`, {
      code: 'server.unknown',
      remedy: `one of ${ends.join(', ')}`,
    });
  }
  const set = fault.kind === 'delay' ? { delayMs: fault.ms } : { up: fault.kind === 'heal' };
  return (fault.net === EVERY_NET ? nets : [fault.net]).flatMap((net) =>
    cablePairs(fault, ends).flatMap(([from, to]) => {
      const there = { net, from, to, ...set };
      return fault.oneWay ? [there] : [there, { ...there, from: to, to: from }];
    }),
  );
}

function bodyOf(fault: Extract<Fault, { server: string }>): BmcRequest {
  switch (fault.kind) {
    case 'failDisk':
      return { do: 'disk.fail', device: fault.device, mode: fault.mode ?? 'all' };
    case 'healDisk':
      return { do: 'disk.heal', device: fault.device };
    default:
      return { do: CHASSIS[fault.kind as keyof typeof CHASSIS] };
  }
}

/** Resolves when it is done: the processes are gone, the cable is cut, the disk fails. */
export async function applyFault(context: FaultContext, fault: Fault): Promise<void> {
  const { wire, transport, lab } = context;
  if ('net' in fault) {
    await transport.ask({ do: 'links', changes: changesOf(fault, context) });
    return;
  }
  if (!lab.servers.includes(fault.server)) {
    throw badInput(`there is no server ${fault.server}`, {
      code: 'server.unknown',
      remedy: `one of ${lab.servers.join(', ')}`,
    });
  }
  if ('part' in fault) {
    const marks = { ...serverMarks(lab.id, fault.server), DRYDOCK_PART: fault.part };
    const found = findByEnvironment(marks);
    if (found.length === 0) {
      throw badInput(`no ${fault.part} runs on ${fault.server}`, { code: 'process.none' });
    }
    for (const mark of found) signalProcess(mark, SIGNALS[fault.kind]);
    return;
  }
  const to = { server: fault.server, part: 'bmc' } as const;
  await wire.request(to, bodyOf(fault) as unknown as Json, BMC_TIMEOUT_MS);
}
