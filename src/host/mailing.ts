/**
 * Events that are mailed. One mail at a time; nothing waits for it: a mail server that hangs or
 * refuses costs a bounded queue, and one warning in the alert log until it takes mail again.
 */

import type { Clock } from '../ports/clock.ts';
import type { LogEntry } from '../ports/log.ts';
import type { Mail, MailMessage, MailServer } from '../ports/mail.ts';

/** Mails that wait; when more come the oldest is dropped. */
const MOST_WAITING = 100;
/** What the port may take beyond its own limit. */
const GRACE_MS = 1_000;

export interface MailingWorld {
  clock: Clock;
  mail: Mail;
  onSent(server: MailServer): void;
  /** The mail server does not take mail; said once. */
  onFailure(server: MailServer, why: string): void;
}

/** The words are our choice: no manual shows a mail. */
export function mailOf({ at, server, module, level, id, text }: LogEntry): MailMessage {
  return {
    subject: `[${server}] ${level}: ${module} ${id}`,
    text: `${new Date(at).toISOString()}  ${server}  ${module} ${id}  ${level}\n${text}\n`,
  };
}

export class Mailing {
  readonly #world: MailingWorld;
  #waiting: { server: MailServer; message: MailMessage }[] = [];
  #isBusy = false;
  #isFailing = false;

  constructor(world: MailingWorld) {
    this.#world = world;
  }

  send(server: MailServer, message: MailMessage): void {
    this.#waiting.push({ server, message });
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    void this.#work();
  }

  /** The server goes down: what waits is lost. */
  forget(): void {
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { server, message } = next;
      try {
        await this.#limited(server, message);
        this.#isFailing = false;
        this.#world.onSent(server);
      } catch (error) {
        if (!this.#isFailing) this.#world.onFailure(server, (error as Error).message);
        this.#isFailing = true;
      }
    }
    this.#isBusy = false;
  }

  #limited(server: MailServer, message: MailMessage): Promise<void> {
    const { clock, mail } = this.#world;
    return new Promise((resolve, reject) => {
      const seconds = server.timeoutMs / 1000;
      const late = () => reject(new Error(`it did not take the mail within ${seconds} s`));
      const cancel = clock.at(clock.now() + server.timeoutMs + GRACE_MS, late);
      mail.send(server, message).then(resolve, reject).finally(cancel);
    });
  }
}
