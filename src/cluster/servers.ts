/** The servers of a Status, from what their parts said. */
import type { Observed, ServerStatus } from '../schema/generated/status.ts';
import { type Heard, isPowerOff, observedOf, processState } from './ask.ts';

function powerOf(heard: Heard): { power: ServerStatus['power']; powerObserved: Observed } {
  const { bmc, host } = heard;
  if (bmc.kind === 'answer') return { power: bmc.view.power, powerObserved: observedOf(bmc) };
  if (host.kind === 'answer') return { power: 'on', powerObserved: observedOf(host) };
  return { power: null, powerObserved: observedOf(bmc) };
}

/** The operating system's side. Everything null: not known, and `observed` says why. */
function systemOf(heard: Heard) {
  const { host, bmc } = heard;
  if (host.kind === 'answer') {
    const { view } = host;
    return {
      observed: observedOf(host),
      node: view.node,
      bootId: view.bootId,
      runLevel: view.runLevel,
      services: view.services,
      disks: view.disks,
      mounts: view.mounts,
      medium: view.medium,
      addresses: view.addresses,
      operations: view.operations,
    };
  }
  const isOff = isPowerOff(heard);
  const why = isOff ? 'the power is off, so its operating system cannot be asked' : null;
  return {
    observed: why === null ? observedOf(host) : { by: null, at: null, unknown: why },
    node: isOff ? ('poweredOff' as const) : null,
    bootId: bmc.kind === 'answer' ? bmc.view.bootId : null,
    runLevel: null,
    services: null,
    disks: null,
    mounts: null,
    medium: null,
    addresses: null,
    operations: null,
  };
}

export function serverStatus(heard: Heard): ServerStatus {
  const daemon = processState(heard, 'daemon');
  const agent = processState(heard, 'agent');
  const view = heard.daemon.kind === 'answer' ? heard.daemon.view : null;
  const silent = daemon.state === 'stopped' ? 'Offline' : 'Unknown';
  return {
    name: heard.server,
    ...powerOf(heard),
    ...systemOf(heard),
    bays: (heard.bmc.kind === 'answer' ? heard.bmc.view.bays : null) ?? null,
    images: (heard.bmc.kind === 'answer' ? heard.bmc.view.images : null) ?? null,
    state: view === null ? silent : view.state,
    daemon: daemon.state,
    agent: agent.state,
    daemonObserved: daemon.observed,
    heartbeats: view === null ? {} : view.heartbeats,
  };
}
