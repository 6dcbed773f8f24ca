/**
 * What becomes of a server's messages: its syslog, its alert log, the other servers', mail.
 *
 *     daemon, agent, host ─► take ─► syslog   /var/log/messages
 *                                 ├► alert    alert log ─► the other servers (alert-sync.ts)
 *                                 └► mail     the server that clp.conf names (mailing.ts)
 *
 * Where each goes is as delivered, or as edited on this server (v3 12.3). Messages come one after the
 * other; while they cannot be written (a full disk), so many wait and the rest is lost: nothing in the
 * cluster waits for its logs.
 */
import { sharedMailServer } from '../config/index.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { CONFIG_PATH } from '../core/paths.ts';
import { type Generation, messageIfKnown, messageOf } from '../messages/index.ts';
import type { Clock } from '../ports/clock.ts';
import type { LogFiles } from '../ports/files.ts';
import { type Destination, type Log, type LogEntry, MOST_TEXT } from '../ports/log.ts';
import type { Mail, MailServer } from '../ports/mail.ts';
import type { Wire } from '../ports/wire.ts';
import { AlertLog } from './alert-log.ts';
import { AlertSync } from './alert-sync.ts';
import {
  type Deliveries,
  MESSAGES_PATH,
  moduleOf,
  READ_AT_BOOT,
  readDeliveries,
} from './delivery.ts';
import { programLine, syslogLine } from './lines.ts';
import { Mailing, mailOf } from './mailing.ts';

export const SYSLOG_PATH = '/var/log/messages';
/** Then the file is put aside, over the one that was put aside before. */
const MOST_SYSLOG_BYTES = 1024 * 1024;
const MOST_WAITING = 1_000;
const LOOK_AGAIN_MS = 250;

export interface ReportsWorld {
  server: string;
  peers: readonly string[];
  manual: Generation;
  clock: Clock;
  wire: Wire;
  files: LogFiles;
  mail: Mail;
  log: Log;
  /** Id of the boot while the system is up, else null. */
  bootId(): string | null;
  /** Whether the alert synchronization of this server is at work. */
  isSyncing(): boolean;
  /** Whether the process that writes messages is. */
  isWriting(): boolean;
}

export class ServerReports {
  readonly #world: ReportsWorld;
  readonly #alerts: AlertLog;
  readonly #sync: AlertSync;
  readonly #mailing: Mailing;
  /** The boot for which everything below was read. */
  #bootId: string | null = null;
  #deliveries: Deliveries = new Map();
  #mailServer: MailServer | null = null;
  #work: Promise<void> = Promise.resolve();
  #waiting = 0;
  /** Messages that nobody writes now. */
  #held: LogEntry[] = [];

  constructor(world: ReportsWorld) {
    this.#world = world;
    const { server, peers, clock, wire, files, mail, log, manual } = world;
    this.#alerts = new AlertLog(files, [server, ...peers]);
    const isOn = () => this.#bootId !== null && this.#isUp() && world.isSyncing();
    this.#sync = new AlertSync({ server, peers, clock, wire, isOn }, this.#alerts);
    const onFailure = ({ host, port }: MailServer, why: string) =>
      log({ at: clock.now(), server, ...messageOf(manual, 'mailFailed', `${host}:${port}`, why) });
    const onSent = ({ host, port }: MailServer) => {
      const sent = messageIfKnown(manual, 'mailSent', [`${host}:${port}`]);
      if (sent) log({ at: clock.now(), server, ...sent });
    };
    this.#mailing = new Mailing({ clock, mail, onSent, onFailure });
  }

  #isUp(): boolean {
    return this.#world.bootId() === this.#bootId;
  }

  /** A message of this server. While its system is not up there is nobody to write it. */
  take(entry: LogEntry): void {
    if (this.#world.bootId() === null) return;
    if (this.#held.length === 0 && this.#world.isWriting()) this.#write(entry);
    else if (this.#held.length < MOST_WAITING && this.#held.push(entry) === 1) this.#hold();
  }

  /** They wait until the process is at work again; with the boot they are gone. */
  #hold(): void {
    const { clock, isWriting, bootId } = this.#world;
    const boot = bootId();
    const look = () => {
      if (bootId() !== boot) this.#held = [];
      else if (!isWriting()) clock.at(clock.now() + LOOK_AGAIN_MS, look);
      else for (const entry of this.#held.splice(0)) this.#write(entry);
    };
    clock.at(clock.now() + LOOK_AGAIN_MS, look);
  }

  #write(entry: LogEntry): void {
    this.#queue(async () => {
      // What is edited counts from the start of the daemon on.
      const { module, id } = entry;
      if (module === 'pm' && id === 1) await this.#readSettings(false);
      const to = this.#deliveries.get(`${module} ${id}`) ?? entry.to;
      await this.#deliver(entry, to);
    });
  }

  /** A line of another program of the server, for the syslog. */
  print(program: string, text: string): void {
    const { clock, server } = this.#world;
    const line = programLine({ at: clock.now(), server, program, text });
    this.#queue(() => this.#toSyslog(line));
  }

  /** Another server's alerts, and what it holds; the answer says what is held here. */
  exchange(from: string, body: JsonObject): Promise<Json> {
    return new Promise((resolve, reject) => {
      const asked = this.#queue(() => this.#sync.take(from, body).then(resolve, reject));
      if (!asked) reject(new Error('its system is not up'));
    });
  }

  #queue(work: () => Promise<void>): boolean {
    const bootId = this.#world.bootId();
    if (bootId === null || this.#waiting >= MOST_WAITING) return false;
    this.#waiting += 1;
    this.#work = this.#work
      .then(async () => {
        if (this.#world.bootId() !== bootId) return;
        if (this.#bootId !== bootId) await this.#begin(bootId);
        await work();
      })
      // A full disk must not bring the cluster down because it cannot be written about.
      .catch(() => undefined)
      .finally(() => {
        this.#waiting -= 1;
      });
    return true;
  }

  async #begin(bootId: string): Promise<void> {
    this.#bootId = bootId;
    this.#mailing.forget();
    await this.#alerts.load();
    await this.#readSettings(true);
    this.#sync.begin();
  }

  async #readSettings(isBoot: boolean): Promise<void> {
    const { files } = this.#world;
    const all = new Map<string, readonly Destination[]>();
    for (const [name, to] of this.#deliveries) {
      if (!isBoot && READ_AT_BOOT.includes(name.split(' ')[0] ?? '')) all.set(name, to);
    }
    for (const file of await files.list(MESSAGES_PATH)) {
      const module = moduleOf(file);
      if (module === null || (!isBoot && READ_AT_BOOT.includes(module))) continue;
      const text = (await files.read(`${MESSAGES_PATH}/${file}`)) ?? '';
      for (const [name, to] of readDeliveries(module, text)) all.set(name, to);
    }
    this.#deliveries = all;
    const config = await files.read(CONFIG_PATH);
    try {
      this.#mailServer = config === null ? null : sharedMailServer(config, CONFIG_PATH);
    } catch {
      // The daemon says what is wrong with it; without it nobody knows a mail server.
      this.#mailServer = null;
    }
  }

  async #deliver(entry: LogEntry, to: readonly Destination[]): Promise<void> {
    const { server, manual, clock } = this.#world;
    if (to.includes('mail') && this.#mailServer) {
      this.#mailing.send(this.#mailServer, mailOf(entry));
    }
    if (to.includes('alert')) {
      const at = Math.max(entry.at, this.#alerts.latest(server) + 1);
      const text = entry.text.slice(0, MOST_TEXT);
      await this.#alerts.add([{ ...entry, server, at, text }], clock.now());
      this.#sync.spread();
    }
    if (to.includes('syslog')) await this.#toSyslog(syslogLine(manual, entry));
  }

  async #toSyslog(line: string): Promise<void> {
    const { files } = this.#world;
    const size = await files.append(SYSLOG_PATH, line);
    if (size > MOST_SYSLOG_BYTES) await files.rename(SYSLOG_PATH, `${SYSLOG_PATH}.1`);
  }
}
