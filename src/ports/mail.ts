/** The mail server that clp.conf names, and who gets what it sends on. */
export interface MailServer {
  host: string;
  port: number;
  from: string;
  to: string[];
  /** Longest whole conversation, ms. */
  timeoutMs: number;
}

export interface MailMessage {
  subject: string;
  text: string;
}

/** Sends mail. A twin's keeps it and sends nothing. */
export interface Mail {
  /** Resolves when the server has taken it; rejects with the reason, at the latest after the timeout. */
  send(server: MailServer, message: MailMessage): Promise<void>;
}
