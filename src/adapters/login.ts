/**
 * Who started this process, by the kernel's word: the audit login id where one is kept (it stays
 * through su and sudo), else the real user id. No variable of the environment is believed.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { hostname, userInfo } from 'node:os';
import type { Login, LoginName } from '../ports/authority.ts';
import { holderOfPeer } from './peer-user.ts';

/** Of a process that no login leads to: a service, a container. */
const NOT_SET = 4_294_967_295;

function auditLogin(pid: number | 'self' = 'self'): number | null {
  try {
    const id = Number(readFileSync(`/proc/${pid}/loginuid`, 'utf8'));
    return Number.isSafeInteger(id) && id !== NOT_SET ? id : null;
  } catch {
    return null;
  }
}

/** The account's name as this machine knows it, from wherever its accounts come. */
async function nameOf(uid: number): Promise<string> {
  const own = userInfo();
  if (own.uid === uid) return own.username;
  const { execa } = await import('execa');
  const asked = await execa('getent', ['passwd', String(uid)], { reject: false });
  const [name] = String(asked.stdout ?? '').split(':');
  return asked.exitCode === 0 && name ? name : `uid-${uid}`;
}

function terminal(): string | null {
  try {
    const path = readlinkSync('/proc/self/fd/0');
    return /^\/dev\/(pts\/|tty)/.test(path) ? path : null;
  } catch {
    return null;
  }
}

export async function loginOfProcess(): Promise<Login> {
  const named = async (uid: number): Promise<LoginName> => ({ uid, name: await nameOf(uid) });
  const effective = userInfo().uid;
  return {
    real: await named(auditLogin() ?? process.getuid?.() ?? effective),
    effective: await named(effective),
    terminal: terminal(),
  };
}

function holdsSocket(pid: number, inode: string): boolean {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).some((name) => {
      try {
        return readlinkSync(`${folder}/${name}`) === `socket:[${inode}]`;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}

/**
 * login@host of whoever has the other end of a connection on this machine, by the kernel's word:
 * the login of the process that says it has it, when it really has, else the socket's user. null:
 * not known.
 */
export async function loginOfPeer(socket: Socket, pid: number | null): Promise<string | null> {
  const holder = await holderOfPeer(socket, true);
  if (holder === null) return null;
  const login = pid !== null && holdsSocket(pid, holder.inode) ? auditLogin(pid) : null;
  return `${await nameOf(login ?? holder.uid)}@${hostname()}`;
}
