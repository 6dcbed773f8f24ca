/** Messages of live servers: both alert logs, the syslog, and a real conversation with a mail server. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import test from 'ava';
import { SMTPServer } from 'smtp-server';
import { buildPrograms } from '../../scripts/build.ts';
import { ALERT_LOG_PATH } from '../../src/host/alert-log.ts';
import { SYSLOG_PATH } from '../../src/host/reports.ts';
import { labDown, labUp } from '../../src/lab/lab.ts';
import { layoutOf } from '../../src/lab/layout.ts';
import { fixture, makePlace, untilStatus } from './support.ts';

const place = makePlace();

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

test('a server goes down and comes back: mailed, logged, and both logs agree', async (t) => {
  const mails: string[] = [];
  const mailServer = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (part: Buffer) => {
        text += part.toString();
      });
      stream.on('end', () => {
        mails.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  t.teardown(() => new Promise<void>((resolve) => mailServer.close(() => resolve())));
  const { port } = mailServer.server.address() as AddressInfo;
  const mail =
    '<mail><address>ann@example.com</address>' +
    `<smtp><server>127.0.0.1</server><port>${port}</port></smtp></mail>`;
  const configText = fixture('v3le').replace('<startupwait>', `${mail}<startupwait>`);
  await buildPrograms();
  const lab = await labUp({ folder: place.lab, configText, dataBytes: 4 * 1024 * 1024 });
  const layout = layoutOf(place.lab);
  const read = (server: string, path: string) =>
    readFileSync(join(layout.server(server).root, path), 'utf8');
  /** Without the time of receipt, which differs. */
  const alerts = (server: string) =>
    read(server, ALERT_LOG_PATH)
      .split('\n')
      .map((line) => line.split('\t').toSpliced(1, 1).join('\t'))
      .sort()
      .join('\n');
  const until = (what: string, isSo: () => boolean) => untilStatus(lab, what, isSo);

  await lab.fault({ kind: 'kill', server: 'server2' });
  await until('the mail', () => mails.some((text) => text.includes('Server server2 down.')));
  await lab.fault({ kind: 'powerOn', server: 'server2' });
  await until('the alerts of both are the same', () => {
    const [first, second] = [alerts('server1'), alerts('server2')];
    return first === second && first.includes('Server server2 down.');
  });
  const syslog = read('server1', SYSLOG_PATH);
  t.regex(
    syslog,
    /^\w{3} [ \d]\d \d\d:\d\d:\d\d server1 clusterpro: Starting clusterpro daemon:$/m,
  );
  t.regex(syslog, / server1 CLUSTERPRO: <type: nm><event: 2> Server server2 down\.$/m);
  t.regex(read('server1', '/opt/nec/clusterpro/messages/nm.msg.us'), /^SEND=syslog,alert,mail$/m);
});
