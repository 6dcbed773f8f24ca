/** A policy as YAML that people edit: written with words on every field, read with their places. */
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Document } from 'yaml';
import { writeDurablySync } from '../../adapters/durable-file.ts';
import { ownKeys } from '../../adapters/own-keys.ts';
import { documentOf, readPolicy } from '../../change/documents.ts';
import { checkFreezes } from '../../change/freeze-check.ts';
import { badInput, DrydockError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Policy } from '../../schema/generated/policy.ts';
import type { PolicyDraft } from '../../service/window/policy.ts';
import { readText } from '../words/reading.ts';
import { readYaml } from '../words/reading-yaml.ts';

const COMMENTS: Record<string, string> = {
  cluster: ' which cluster this is for (uuid)',
  demandsWindow: ' true: nothing is changed outside an open window',
  approvals: ' how many people must approve, none of them requester or implementer',
  emergencyMinutes: ' how long a window lasts that was opened by break-glass',
  people:
    ' principal: the name in the signers below; logins: what they log in by, NAME or NAME@HOST\n' +
    ' roles: request, approve, implement, emergency (break-glass), policy (sign this),\n' +
    ' checkpoint (sign the record)',
  signers: ' lines of an OpenSSH allowed-signers file: see ssh-keygen(1), ALLOWED SIGNERS',
  revoked: ' keys that count no more: lines of .pub files, or SHA256: fingerprints',
  freezes:
    ' iCalendar files; no change begins or goes on within an event, but by break-glass:\n' +
    ' - { name: end of year, file: freeze.ics }',
  anchors: ' where checkpoints of the record go: file:PATH, git:FOLDER, syslog:HOST:PORT',
};

const NAMESPACES = 'drydock.policy,drydock.window,drydock.checkpoint';

/** A beginning: whoever writes it has every role, so that it can be signed at all. */
function firstPolicy(cluster: string, who: string): { fields: JsonObject; todo: string[] } {
  const keys = ownKeys();
  const todo = keys.length === 0 ? ['no SSH key was found in ~/.ssh: put yours under signers'] : [];
  todo.push('put the people who approve under people and signers');
  const fields = {
    cluster,
    demandsWindow: true,
    approvals: 2,
    emergencyMinutes: 240,
    people: [
      {
        principal: who,
        logins: [who.split('@')[0] as string],
        roles: ['request', 'implement', 'emergency', 'policy', 'checkpoint'],
      },
    ],
    signers: keys.map(({ line }) => `${who} namespaces="${NAMESPACES}" ${line}`),
    revoked: [],
    freezes: [],
    anchors: [],
  };
  return { fields, todo };
}

export interface NewFile {
  cluster: { name: string; uuid: string };
  policy: Policy | null;
  who: string;
  force: boolean;
}

/** Writes the file; tells what is left to do in it. */
export function writePolicyFile(file: string, draft: NewFile): string[] {
  const { cluster, policy, who, force } = draft;
  if (existsSync(file) && !force) {
    throw badInput(`${file} is there already`, {
      code: 'file.exists',
      remedy: 'name another with --out, or write over it with --force',
    });
  }
  const { schema: _schema, version: _version, at: _at, ...held } = policy ?? ({} as Policy);
  const { fields, todo } = policy
    ? { fields: held as unknown as JsonObject, todo: [] }
    : firstPolicy(cluster.uuid, who);
  const document = new Document(fields);
  const before = policy ? `, after version ${policy.version}` : '';
  const next = `Edit, then: drydock window policy sign ${file}`;
  document.commentBefore = ` Policy of ${cluster.name}${before}. ${next}`;
  for (const pair of (
    document.contents as unknown as { items: { key: { value: string; commentBefore?: string } }[] }
  ).items) {
    const comment = COMMENTS[pair.key.value];
    if (comment) pair.key.commentBefore = comment;
  }
  writeDurablySync(file, document.toString({ lineWidth: 0 }));
  return todo;
}

/** Files named within are taken in: what is signed stands on its own. */
function takeIn(content: JsonObject, folder: string): JsonObject {
  const { signersFile, freezes, ...rest } = content;
  const made: JsonObject = { ...rest };
  if (typeof signersFile === 'string') {
    const lines = readText(resolve(folder, signersFile), 'signersFile').split('\n');
    const own = Array.isArray(rest.signers) ? rest.signers : [];
    made.signers = [...own, ...lines.filter((line) => line.trim() && !line.startsWith('#'))];
  }
  if (freezes === undefined) return made;
  made.freezes = !Array.isArray(freezes)
    ? freezes
    : freezes.map((freeze) => {
        const { file, ...named } = (freeze ?? {}) as JsonObject;
        if (typeof file !== 'string') return freeze;
        return { ...named, ics: readText(resolve(folder, file), 'freezes') };
      });
  return made;
}

/** Held to the schema as a signed policy is, but reported with the file that a person wrote. */
function checked(policy: Policy, file: string): Policy {
  try {
    return readPolicy(documentOf(policy, 'nobody', ''));
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    const field = error.place?.field?.replace(/^text\.?/, '');
    throw badInput(error.message, {
      code: 'policy.schema',
      place: { file, ...(field ? { field } : {}) },
      remedy: 'mend that field; `drydock window policy init` writes a file that tells them all',
      cause: error,
    });
  }
}

/** Where each calendar was read; null for one that stands in the policy itself. */
function freezeFiles({ freezes }: JsonObject, folder: string): (string | null)[] {
  if (!Array.isArray(freezes)) return [];
  return freezes.map((freeze) => {
    const { file } = (freeze ?? {}) as JsonObject;
    return typeof file === 'string' ? resolve(folder, file) : null;
  });
}

/**
 * The policy in a YAML or JSON file, without its time; the version only where it says one. `at`: the
 * instant of signing, in ms: its calendars are looked at from there on.
 */
export function readPolicyFile(file: string, at: number): PolicyDraft {
  const content = readYaml(file);
  const folder = dirname(resolve(file));
  const fields = takeIn((content ?? {}) as JsonObject, folder);
  const whole = { version: 1, at: '1970-01-01T00:00:00Z', ...fields, schema: 'drydock.policy/1' };
  const { version, at: _at, ...policy } = checked(whole as unknown as Policy, file);
  checkFreezes(policy.freezes ?? [], at, freezeFiles((content ?? {}) as JsonObject, folder));
  return fields.version === undefined ? policy : { ...policy, version };
}
