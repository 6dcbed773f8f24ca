/**
 * Mail by SMTP. The library is loaded with the first mail. `only`: addresses that may be reached;
 * a lab's servers reach this machine alone, whatever their configuration says.
 */
import { isIP } from 'node:net';
import type { Mail, MailMessage, MailServer } from '../ports/mail.ts';

/** Whether a host is this machine, by what it is called; no name is looked up. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

export function smtpMail(mayReach: (host: string) => boolean): Mail {
  return {
    async send(server: MailServer, message: MailMessage): Promise<void> {
      const { host, port, from, to, timeoutMs } = server;
      if (!mayReach(host))
        throw new Error(`${host} is not this machine, and a lab reaches no other`);
      const { createTransport } = await import('nodemailer');
      const transport = createTransport({
        host,
        port,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        ignoreTLS: true,
      });
      const late = setTimeout(() => transport.close(), timeoutMs);
      try {
        await transport.sendMail({ from, to, ...message });
      } finally {
        clearTimeout(late);
        transport.close();
      }
    },
  };
}
