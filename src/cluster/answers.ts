/**
 * Answers held to the fields that whoever asked will read. A part of another version, or one that
 * is half broken, may answer without sense: that is a failure of the request in words, and never a
 * crash of who asked, nor a value that is taken for "none".
 */
import type { Json } from '../core/json.ts';
import type { Address } from '../core/part.ts';
import { RemoteError } from '../ports/wire.ts';

/** `text?`: may be null. `said`: what came of asking a part (PartSaid of src/ports/views.ts). */
type Form =
  | 'object'
  | 'object?'
  | 'list'
  | 'text'
  | 'text?'
  | 'number'
  | 'number?'
  | 'flag'
  | 'said';

const LOOK = { power: 'object', host: 'said', daemon: 'said', agent: 'said' } as const;

const FIELDS: Record<string, Record<string, Form>> = {
  'host look': LOOK,
  'bmc look': LOOK,
  'host status': { services: 'object', disks: 'object', mounts: 'list', lease: 'object' },
  'host disks': { disks: 'object' },
  'host medium': { medium: 'object?' },
  'host files list': { names: 'list' },
  'host files read': { text: 'text?' },
  'host device.read': { data: 'text' },
  'host device.clear': { sizeBytes: 'number' },
  'host note begin': { id: 'text' },
  'host operations': { operations: 'list' },
  'host machine': { packages: 'object', modules: 'list', block: 'list', misc: 'list' },
  'host blockdev': { readOnly: 'flag' },
  'host outside look': { text: 'text?' },
  'host volume': { fileSystem: 'object?' },
  'host processes': { processes: 'list' },
  'host link': { up: 'flag' },
  'host origin': { operation: 'text?', byCluster: 'flag' },
  'host notes': { notes: 'list' },
  'host paper list': { papers: 'list' },
  'bmc power.status': { power: 'text' },
  'daemon status': {
    heartbeats: 'object',
    peers: 'object',
    groups: 'object',
    monitors: 'object',
    timeoutRatio: 'number',
  },
  'daemon perf': { ms: 'number?' },
  'daemon reboots': { rc: 'number', rm: 'number', max: 'number', resetMs: 'number' },
  'daemon script': { code: 'number?' },
  'daemon toratio show': { ratio: 'number' },
  'agent status': { mirrors: 'object' },
  'agent read': { data: 'text' },
  'agent verify': { blocks: 'number', differingBlocks: 'number', differing: 'list' },
  'agent marks': { restored: 'text?', backup: 'text?' },
  'agent statistics': { isOn: 'flag' },
  'agent switch-connect': { net: 'text' },
};

const SILENT = new Set<unknown>(['timeout', 'refused', 'unreachable']);

function isSaid(value: Json | undefined): boolean {
  if (!has('object', value)) return false;
  const { view, refused, silent, agoMs } = value as Record<string, Json>;
  if (!has('number', agoMs)) return false;
  if (view !== undefined) return true;
  const { code, words } = (refused ?? silent ?? {}) as Record<string, Json>;
  return has('text', words) && (refused !== undefined ? has('text', code) : SILENT.has(code));
}

function has(form: Form, value: Json | undefined): boolean {
  switch (form) {
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'object?':
      return value === null || has('object', value);
    case 'list':
      return Array.isArray(value);
    case 'text':
      return typeof value === 'string';
    case 'text?':
      return value === null || typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'number?':
      return value === null || typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'said':
      return isSaid(value);
  }
}

function fieldsOf(to: Address, body: Json): Record<string, Form> | undefined {
  const { do: what, op } = (body ?? {}) as { do?: Json; op?: Json };
  return FIELDS[`${to.part} ${what} ${op}`] ?? FIELDS[`${to.part} ${what}`];
}

/** The answer, when it has what belongs into it; throws RemoteError `answer.malformed`. */
export function soundAnswer(to: Address, body: Json, answer: Json): Json {
  const fields = fieldsOf(to, body);
  if (fields === undefined) return answer;
  const held = has('object', answer) ? (answer as Record<string, Json>) : {};
  const bad = Object.entries(fields).find(([name, form]) => !has(form, held[name]));
  if (!bad) return answer;
  const { do: what } = body as { do: string };
  throw new RemoteError(
    'answer.malformed',
    `${to.server}/${to.part} answers ${what} without ${bad[0]}: is it of another version?`,
  );
}
