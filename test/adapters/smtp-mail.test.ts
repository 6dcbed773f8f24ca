/** Real SMTP conversations on this machine. */
import { type AddressInfo, createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { isLoopback, smtpMail } from '../../src/adapters/smtp-mail.ts';
import type { MailServer } from '../../src/ports/mail.ts';

const to = (port: number, more: Partial<MailServer> = {}): MailServer => ({
  host: '127.0.0.1',
  port,
  from: 'cluster@example.com',
  to: ['ann@example.com', 'bob@example.com'],
  timeoutMs: 5_000,
  ...more,
});
const MESSAGE = { subject: '[server1] Error: rc 32', text: 'Ünlaut\n.\nend\n' };

async function serve(t: ExecutionContext, options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'], ...options });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}

test('a mail reaches everybody it is for, whole', async (t) => {
  const seen: { from: string; to: string[]; text: string }[] = [];
  const port = await serve(t, {
    onData(stream, { envelope }, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
        const people = envelope.rcptTo.map(({ address }) => address);
        seen.push({ from, to: people, text: Buffer.concat(parts).toString('utf8') });
        done();
      });
    },
  });
  await smtpMail(isLoopback).send(to(port), MESSAGE);
  t.is(seen.length, 1);
  t.deepEqual([seen[0]?.from, seen[0]?.to], [to(port).from, to(port).to]);
  t.regex(seen[0]!.text, /^Subject: \[server1\] Error: rc 32\r$/m);
  t.regex(seen[0]!.text, /=C3=9Cnlaut/);
});

test('a server that refuses the sender says why', async (t) => {
  const port = await serve(t, {
    onMailFrom: (_address, _session, done) => done(new Error('nobody is welcome')),
  });
  await t.throwsAsync(smtpMail(isLoopback).send(to(port), MESSAGE), {
    message: /nobody is welcome/,
  });
});

test('a server that never greets is given up at the limit', async (t) => {
  const mute = createServer(() => undefined);
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  t.teardown(() => mute.close());
  const { port } = mute.address() as AddressInfo;
  await t.throwsAsync(smtpMail(isLoopback).send(to(port, { timeoutMs: 200 }), MESSAGE));
});

test('nobody listens: refused at once', async (t) => {
  await t.throwsAsync(smtpMail(isLoopback).send(to(1), MESSAGE), { message: /ECONNREFUSED/ });
});

test('another machine is not reached where only this one may be', async (t) => {
  for (const host of ['192.0.2.1', 'mail.example.com', '127.0.0.1.example.com', '128.0.0.1']) {
    t.false(isLoopback(host), host);
    await t.throwsAsync(smtpMail(isLoopback).send(to(25, { host }), MESSAGE), {
      message: /is not this machine/,
    });
  }
  for (const host of ['localhost', '127.0.0.1', '127.8.9.1', '::1']) t.true(isLoopback(host), host);
});
