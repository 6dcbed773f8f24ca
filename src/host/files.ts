/** Files of the server, by request. The driver reads and writes them; here is who waits for it. */
import type { JsonObject } from '../core/json.ts';
import type { Caller } from '../core/part.ts';
import { anyText, text, word } from './fields.ts';
import { doesWork } from './process-work.ts';
import { processState } from './processes.ts';
import type { HostFacts } from './state.ts';
import { changeLive, emit, own, refusal, refuse, reply, type Turn, without } from './turn.ts';
import { hostView } from './view.ts';

/** Refused `file.path`. */
export function absolutePath(path: string): string {
  if (!path.startsWith('/') || path.includes('\0') || path.split('/').includes('..')) {
    throw refusal('file.path', `${path} is not an absolute path within the server`);
  }
  return path;
}

/** What another server's command transfers goes by clptrnsv of this one; parts ask each other. */
export function askFile(turn: Turn, id: string, body: JsonObject, from: Caller): void {
  const isTransfer = from.part === 'control' && from.server !== turn.state.server;
  if (isTransfer && !doesWork(turn.state, 'transfer')) {
    throw refusal('service.silent', `the data transfer of ${turn.state.server} does not answer`);
  }
  const op = word(body, 'op', ['read', 'list', 'write']);
  const path = absolutePath(text(body, 'path'));
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: op } });
  if (op === 'read') emit(turn, { type: 'readFile', id, path });
  else if (op === 'list') emit(turn, { type: 'listFiles', id, path });
  else emit(turn, { type: 'writeFile', id, path, text: anyText(body, 'text') });
}

/** Its answer waits until files were written or removed. */
export function awaitFiles(turn: Turn, id: string): void {
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'write' } });
}

/** Another server exchanges alerts with this one (alert-sync.ts). */
export function askAlerts(turn: Turn, id: string, body: JsonObject, from: Caller): void {
  if (!turn.state.peers.includes(from.server)) {
    throw refusal(
      'request.unknown',
      `${turn.state.server} exchanges no alerts with ${from.server}`,
    );
  }
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'alerts' } });
  emit(turn, { type: 'exchangeAlerts', id, from: from.server, body });
}

/**
 * The view needs the configuration as it lies there now, of a mirror whose agent does not run what
 * that agent left behind, and of a shared disk who reserved it.
 */
export function askFacts(turn: Turn, id: string): void {
  const { mirrors, disks } = turn.state;
  const left =
    processState(turn.state, 'agent') === 'off' ? mirrors.map(({ mirror }) => mirror) : [];
  const shared = Object.values(disks).flatMap((disk) => (disk.shared ? disk.serial : []));
  emit(turn, { type: 'readFacts', id, mirrors: left, ...(shared.length > 0 ? { shared } : {}) });
}

export function askStatus(turn: Turn, id: string): void {
  changeLive(turn, { asked: { ...turn.state.live.asked, [id]: 'status' } });
  askFacts(turn, id);
}

/** False when nobody waits any more: the server went down meanwhile. */
function take(turn: Turn, id: string): boolean {
  if (!own(turn.state.live.asked, id)) return false;
  changeLive(turn, { asked: without(turn.state.live.asked, id) });
  return true;
}

export function factsRead(turn: Turn, id: string, facts: HostFacts): void {
  if (take(turn, id)) reply(turn, id, hostView(turn.state, turn.now, facts));
}

export function answered(turn: Turn, id: string, body: unknown): void {
  if (take(turn, id)) reply(turn, id, body);
}

export function accessFailed(turn: Turn, id: string, code: string, message: string): void {
  if (take(turn, id)) refuse(turn, id, code, message);
}
