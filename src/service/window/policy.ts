/** What a cluster demands: from a draft that people edit to a signed policy that its servers hold. */
import { MOST_STEP } from '../../change/policies.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { PolicyHeldReport } from '../../schema/generated/reports/policy-held.ts';
import type { PolicyPushedReport } from '../../schema/generated/reports/policy-pushed.ts';
import type { PolicySignedReport } from '../../schema/generated/reports/policy-signed.ts';
import type { SignedDocument } from '../../schema/generated/signed-document.ts';
import { keysOf, trustProblems } from '../../signing/index.ts';
import type { Cluster, Context } from '../context.ts';
import { needYes } from '../person.ts';
import { type Report, reportOf } from '../report.ts';
import { identityOf, needRole, signedDocument, tellWhoSigns, trustOf } from './keys.ts';
import { heldByServers, pushDocuments } from './push.ts';
import {
  believedPolicy,
  clusterIn,
  fileDocument,
  openWorkspace,
  recordAct,
  type Workspace,
  withHeld,
  workspaceWithCluster,
} from './workspace.ts';

/** Clusters (uuid) that the workspace has policies of. */
export function policyClusters(workspace: Workspace): string[] {
  const found = workspace.papers.filter(({ name }) => name === 'policy').map(clusterIn);
  return [...new Set(found)].sort();
}

/** What is allowed, and probably not meant. */
export function doubtsAbout(policy: Policy): string[] {
  const trust = trustOf(policy);
  const keyless = policy.people.filter(({ principal }) => keysOf(trust, principal).length === 0);
  const approvers = policy.people.filter(({ roles }) => roles.includes('approve'));
  const doubts = trustProblems(trust).map((why) => `signers: ${why}`);
  doubts.push(...keyless.map(({ principal }) => `${principal} has no key under signers`));
  if (approvers.length < policy.approvals) {
    doubts.push(`${policy.approvals} must approve, and only ${approvers.length} may`);
  }
  if (policy.demandsWindow && !policy.people.some(({ roles }) => roles.includes('emergency'))) {
    doubts.push('nobody may break the glass in an emergency');
  }
  return doubts;
}

/** The policy that is believed now, for whoever writes a draft of the next one. */
export async function policyNow(
  ctx: Context,
): Promise<{ cluster: { name: string; uuid: string }; policy: Policy | null }> {
  const cluster = await ctx.openCluster();
  try {
    const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
    const { name, id: uuid } = cluster.topology;
    return { cluster: { name, uuid }, policy: believedPolicy(workspace, uuid).policy };
  } finally {
    await cluster.close();
  }
}

/** A policy without its time; the version only where its writer gave one. */
export type PolicyDraft = Omit<Policy, 'version' | 'at'> & { version?: number };

/** Where a draft was read, and how, at the instant (ms) at which it is signed. */
export interface DraftFile {
  file: string;
  read(at: number): PolicyDraft;
}

function versionOf(draft: PolicyDraft, before: Policy | null, file: string): number {
  const version = draft.version ?? (before?.version ?? 0) + 1;
  const place = { file, field: 'version' };
  if (before && version <= before.version) {
    throw badInput(`version ${version} is not newer than version ${before.version}`, {
      code: 'policy.older',
      place,
      remedy: `write version: ${before.version + 1}, or leave it out`,
    });
  }
  if (version > (before?.version ?? 0) + MOST_STEP) {
    const after = before ? `version ${before.version}` : 'none';
    throw badInput(`version ${version} after ${after}: a version rises by ${MOST_STEP} at most`, {
      code: 'policy.leap',
      place,
      remedy: `write version: ${(before?.version ?? 0) + 1}, or leave it out`,
    });
  }
  return version;
}

export async function signPolicy(
  ctx: Context,
  { file, read }: DraftFile,
): Promise<Report<PolicySignedReport>> {
  const workspace = await workspaceWithCluster(ctx);
  const draft = read(workspace.now);
  const { policy: before } = believedPolicy(workspace, draft.cluster);
  const version = versionOf(draft, before, file);
  const policy = { ...draft, version, at: new Date(workspace.now).toISOString() };
  for (const doubt of doubtsAbout(policy)) ctx.tell({ type: 'policy.doubted', doubt });
  // Who signs a policy was given that right by the one before it; the first speaks for itself.
  const judge = before ?? policy;
  const identity = identityOf(ctx.keys, judge);
  needRole(judge, identity, 'policy', 'sign a policy');
  tellWhoSigns(ctx, identity, { is: 'policy', version });
  await needYes(ctx.person, { ask: 'signPolicy', version });
  const signed = await signedDocument(ctx.keys, {
    document: policy,
    identity,
    namespace: 'drydock.policy',
    trust: trustOf(judge),
    at: workspace.now,
  });
  const { cluster } = policy;
  const path = await fileDocument(ctx, workspace, signed, 'policy.signed', { version, cluster });
  return reportOf({ schema: 'drydock.policy-signed/1', version, file: path });
}

/** Every version up to the newest that can be believed: each says who may sign the next. */
function versions(workspace: Workspace, cluster: Cluster): [SignedDocument, ...SignedDocument[]] {
  const { id: uuid, name } = cluster.topology;
  const { untrusted, papers: documents } = believedPolicy(workspace, uuid);
  const [first, ...more] = documents;
  if (first && untrusted === null) return [first, ...more];
  throw new DrydockError(
    untrusted
      ? `the policy cannot be believed: ${untrusted}`
      : `there is no policy of ${name} here`,
    {
      code: untrusted ? 'policy.untrusted' : 'policy.none',
      exit: untrusted ? 4 : 2,
      remedy: 'sign one with `drydock window policy sign FILE`',
    },
  );
}

/** Exit 1 where no server took it. */
export async function pushPolicy(ctx: Context): Promise<Report<PolicyPushedReport>> {
  const cluster = await ctx.openCluster();
  try {
    const { name, id: uuid } = cluster.topology;
    const documents = versions(await withHeld(ctx, openWorkspace(ctx), cluster.door), cluster);
    const { version } = documents.at(-1) as SignedDocument;
    await needYes(ctx.person, { ask: 'pushPolicy', version, cluster: name });
    // A server may have let versions go that are long past: what it says of the last one counts.
    await pushDocuments(cluster, documents.slice(0, -1));
    const servers = (await pushDocuments(cluster, documents.slice(-1))).map(({ server, why }) => ({
      server,
      version: why === null ? version : null,
      why,
    }));
    const held = servers.filter(({ why }) => why === null).map(({ server }) => server);
    await recordAct(ctx, 'policy.pushed', { cluster: uuid, version, held });
    const exit = held.length === 0 ? 1 : 0;
    return reportOf({ schema: 'drydock.policy-pushed/1', version, servers }, exit);
  } finally {
    await cluster.close();
  }
}

/** The cluster's name goes beside the report. Exit 4 where what is held cannot be believed. */
export interface PolicyFound extends Report<PolicyHeldReport> {
  cluster: string;
}

export async function showPolicy(ctx: Context): Promise<PolicyFound> {
  const cluster = await ctx.openCluster();
  try {
    const workspace = await withHeld(ctx, openWorkspace(ctx), cluster.door);
    const { id: uuid, name } = cluster.topology;
    const { policy, untrusted, passedOver } = believedPolicy(workspace, uuid);
    const servers = await heldByServers(cluster);
    const data = {
      schema: 'drydock.policy-held/1',
      policy,
      untrusted,
      passedOver,
      servers,
    } as const;
    return { ...reportOf<PolicyHeldReport>(data, untrusted ? 4 : 0), cluster: name };
  } finally {
    await cluster.close();
  }
}
