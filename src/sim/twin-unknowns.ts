/** What a twin made from a status does not know, or could not be brought to. */
import { expressClusterOf } from '../cluster/index.ts';
import { resourceKind } from '../config/index.ts';
import { factsOf } from '../runbook/run/facts.ts';
import type { Status } from '../schema/generated/status.ts';
import type { Twin } from './twin.ts';

/** Facts of the status that the twin does not share; each is something it cannot predict from. */
export function noteDifferences(twin: Twin, from: Status, seen: Status): void {
  const wanted = factsOf(from, { self: null });
  const found = factsOf(seen, { self: null });
  for (const [key, value] of Object.entries(wanted)) {
    if (key.startsWith('config.') || JSON.stringify(found[key]) === JSON.stringify(value)) continue;
    const has = found[key] === undefined ? 'nothing' : JSON.stringify(found[key]);
    twin.unknowns.push(`${key} is ${JSON.stringify(value)} on the cluster and ${has} in the twin`);
  }
}

export function noteUnknowns(twin: Twin, from: Status): void {
  const scripts = twin.config.resources.filter(({ type }) => resourceKind(type).runsScripts);
  if (scripts.length > 0) {
    twin.unknowns.push('what the scripts of exec resources do: each is taken to succeed');
  }
  for (const { name, copies } of Object.values(from.volumes)) {
    for (const [server, { observed }] of Object.entries(copies)) {
      if (observed.unknown === null) continue;
      twin.unknowns.push(`the copy of ${name} on ${server}: ${observed.unknown}`);
    }
  }
  const hashes = Object.values(expressClusterOf(from).configHashes).filter((hash) => hash !== null);
  if (new Set(hashes).size > 1) {
    twin.unknowns.push('the configuration differs by server; the twin has one for all');
  }
}
