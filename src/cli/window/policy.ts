/**
 * `window policy init | show | sign FILE | push`: what a cluster demands, from a YAML file that
 * people edit to a signed paper that its servers hold.
 */

import { MOST_STEP } from '../../change/policies.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import type { Paper } from '../../schema/generated/paper.ts';
import { type Cluster, openCluster } from '../cluster/cluster.ts';
import { type Cli, print, table } from '../context.ts';
import type { Args } from '../verbs/args.ts';
import { agree } from './asking.ts';
import {
  believedPolicy,
  clusterIn,
  type Desk,
  filePaper,
  openDesk,
  recordAct,
  withHeld,
} from './desk.ts';
import { identityOf, needRole, sayWhoSigns, signedPaper, trustOf } from './keys.ts';
import { deskWithCluster } from './list.ts';
import { doubtsAbout, readPolicyFile, writePolicyFile } from './policy-file.ts';
import { heldByServers, pushPapers } from './push.ts';

/** Clusters (uuid) that the desk has policies of. */
export function policyClusters(desk: Desk): string[] {
  const found = desk.papers.filter(({ name }) => name === 'policy').map(clusterIn);
  return [...new Set(found)].sort();
}

async function init(cli: Cli, args: Args): Promise<number> {
  const file = typeof args.out === 'string' ? args.out : 'policy.yaml';
  const cluster = await openCluster(cli, args);
  try {
    const desk = await withHeld(openDesk(cli, args), cluster.door);
    const { name, uuid } = cluster.config;
    const { policy } = believedPolicy(desk, uuid);
    const todo = writePolicyFile(file, {
      cluster: { name, uuid },
      policy,
      who: cli.who,
      force: args.force === true,
    });
    print(cli, { schema: 'drydock.policy-file/1', file, todo }, () => `${file}\n`);
    for (const line of todo) cli.say(line);
    cli.say(`edit ${file}, then: drydock window policy sign ${file}`);
    return 0;
  } finally {
    await cluster.close();
  }
}

async function sign(cli: Cli, args: Args, file: string | undefined): Promise<number> {
  if (file === undefined) {
    throw badInput('`window policy sign` needs the file', {
      code: 'usage',
      remedy: 'write drydock window policy sign policy.yaml',
    });
  }
  const desk = await deskWithCluster(cli, args);
  const draft = readPolicyFile(file, desk.now);
  const { policy: before } = believedPolicy(desk, draft.cluster);
  const version = draft.version ?? (before?.version ?? 0) + 1;
  if (before && version <= before.version) {
    throw badInput(`version ${version} is not newer than version ${before.version}`, {
      code: 'policy.older',
      place: { file, field: 'version' },
      remedy: `write version: ${before.version + 1}, or leave it out`,
    });
  }
  if (version > (before?.version ?? 0) + MOST_STEP) {
    const after = before ? `version ${before.version}` : 'none';
    throw badInput(`version ${version} after ${after}: a version rises by ${MOST_STEP} at most`, {
      code: 'policy.leap',
      place: { file, field: 'version' },
      remedy: `write version: ${(before?.version ?? 0) + 1}, or leave it out`,
    });
  }
  const policy = { ...draft, version, at: new Date(desk.now).toISOString() };
  for (const doubt of doubtsAbout(policy)) cli.say(cli.paint('yellow', doubt));
  // Who signs a policy was given that right by the one before it; the first speaks for itself.
  const judge = before ?? policy;
  const identity = identityOf(args, judge);
  needRole(judge, identity, 'policy', 'sign a policy');
  sayWhoSigns(cli, identity, `version ${version} of the policy`);
  await agree(cli, args, `Sign version ${version}?`);
  const paper = await signedPaper({
    document: policy,
    identity,
    namespace: 'drydock.policy',
    trust: trustOf(judge),
    at: desk.now,
  });
  const path = await filePaper(cli, desk, paper, 'policy.signed', {
    version,
    cluster: policy.cluster,
  });
  print(cli, { schema: 'drydock.policy-signed/1', version, file: path }, () => `${path}\n`);
  cli.say('the cluster holds it after: drydock window policy push');
  return 0;
}

/** Every version up to the newest that can be believed: each says who may sign the next. */
function versions(desk: Desk, cluster: Cluster): [Paper, ...Paper[]] {
  const { uuid, name } = cluster.config;
  const { untrusted, papers } = believedPolicy(desk, uuid);
  const [first, ...more] = papers;
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

async function push(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const { name, uuid } = cluster.config;
    const papers = versions(await withHeld(openDesk(cli, args), cluster.door), cluster);
    const { version } = papers.at(-1) as Paper;
    await agree(cli, args, `Let every server of ${name} hold version ${version}?`);
    // A server may have let versions go that are long past: what it says of the last one counts.
    await pushPapers(cluster, papers.slice(0, -1));
    const servers = (await pushPapers(cluster, papers.slice(-1))).map(({ server, why }) => ({
      server,
      version: why === null ? version : null,
      why,
    }));
    const held = servers.filter(({ why }) => why === null).map(({ server }) => server);
    await recordAct(cli, 'policy.pushed', { cluster: uuid, version, held });
    print(cli, { schema: 'drydock.policy-pushed/1', version, servers }, () =>
      table(servers.map(({ server, why }) => [server, why ?? `holds version ${version}`])),
    );
    if (held.length === servers.length) return 0;
    cli.say(cli.paint('yellow', 'not every server holds it; push again when they are up'));
    return held.length > 0 ? 0 : 1;
  } finally {
    await cluster.close();
  }
}

async function show(cli: Cli, args: Args): Promise<number> {
  const cluster = await openCluster(cli, args);
  try {
    const desk = await withHeld(openDesk(cli, args), cluster.door);
    const { policy, untrusted, passedOver } = believedPolicy(desk, cluster.config.uuid);
    const servers = await heldByServers(cluster);
    const document = { schema: 'drydock.policy-held/1', policy, untrusted, passedOver, servers };
    print(cli, document, () => {
      const rows = servers.map(({ server, version, why }) => [
        server,
        why ?? (version === null ? 'holds no policy' : `holds version ${version}`),
      ]);
      if (!policy) return `no policy that can be believed\n${table(rows)}`;
      const people = policy.people.map(({ principal, logins, roles }) => [
        `  ${principal}`,
        (logins ?? []).join(', '),
        roles.join(' '),
      ]);
      return [
        `policy version ${policy.version} of ${cluster.config.name}, ${policy.at}\n`,
        `windows   ${policy.demandsWindow ? 'demanded' : 'not demanded'}\n`,
        `approvals ${policy.approvals}\n`,
        `freezes   ${(policy.freezes ?? []).map(({ name }) => name).join(', ') || 'none'}\n`,
        `anchors   ${(policy.anchors ?? []).join(', ') || 'none'}\n`,
        'people\n',
        table(people),
        table(rows),
      ].join('');
    });
    for (const why of passedOver) cli.say(cli.paint('yellow', `passed over: ${why}`));
    if (untrusted) cli.say(cli.paint('red', `it cannot be believed: ${untrusted}`));
    return untrusted ? 4 : 0;
  } finally {
    await cluster.close();
  }
}

const WORDS = ['init', 'show', 'sign', 'push'];

export async function policy(cli: Cli, args: Args): Promise<number> {
  const [word = 'show', file] = (args.words ?? []) as string[];
  switch (word) {
    case 'init':
      return init(cli, args);
    case 'show':
      return show(cli, args);
    case 'sign':
      return sign(cli, args, file);
    case 'push':
      return push(cli, args);
    default:
      throw badInput(`there is no 'window policy ${word}'`, {
        code: 'usage',
        remedy: suggestion(word, WORDS),
      });
  }
}
