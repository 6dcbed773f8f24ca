/** Syslog, alert log and mail of the servers of a twin. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { ALERT_LOG_PATH } from '../../src/host/alert-log.ts';
import { SYSLOG_PATH } from '../../src/host/reports.ts';
import { buildTwin, type Twin } from '../../src/sim/twin.ts';

const V3 = readFileSync(new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url), 'utf8');
const WITH_MAIL = V3.replace(
  '<startupwait>',
  '<mail><address>ann@example.com, bob@example.com</address>' +
    '<smtp><server>127.0.0.1</server><port>2525</port></smtp></mail><startupwait>',
);

async function twinOf(configText = V3): Promise<Twin> {
  const twin = await buildTwin({ configText, seed: 3, dataBytes: 1024 * 1024 });
  await twin.up();
  return twin;
}

const linesOf = (twin: Twin, server: string, path: string) =>
  (twin.server(server).files.get(path) ?? '').split('\n').filter((line) => line !== '');

/** Of the alert log: without when it was received, which differs; in the order of time. */
const alertsOf = (twin: Twin, server: string) =>
  linesOf(twin, server, ALERT_LOG_PATH)
    .map((line) => line.split('\t').toSpliced(1, 1).join('  '))
    .sort();

test('the syslog shows a start as v3 11.1 (9) has it', async (t) => {
  const twin = await twinOf();
  const all = linesOf(twin, 'server1', SYSLOG_PATH).map((line) => line.slice(16));
  const first = all.slice(
    0,
    all.findIndex((line) => line.includes('<type: nm>')),
  );
  t.deepEqual(
    first.filter((line) => !line.includes('9003')),
    [
      'server1 clusterpro_evt: Starting clusterpro event:',
      'server1 clusterpro_evt:',
      'server1 rc: Starting clusterpro_evt: succeeded',
      'server1 clusterpro_trn: Starting clusterpro trnsv:',
      'server1 clusterpro_trn:',
      'server1 rc: Starting clusterpro_trn: succeeded',
      'server1 clusterpro_md: Starting clusterpro mdagent:',
      'server1 clusterpro_md:',
      'server1 rc: Starting clusterpro_md: succeeded',
      'server1 kernel: liscal: <init_module> registerd device at major 218, nmp count is 1',
      'server1 clusterpro: Starting clusterpro daemon:',
      'server1 clusterpro:',
      'server1 rc: Starting clusterpro: succeeded',
      'server1 CLUSTERPRO: <type: pm><event: 1> Cluster daemon has started properly',
      'server1 clusterpro_webmgr: Starting Web Manager server:',
      'server1 clusterpro_webmgr:',
      'server1 rc: Starting clusterpro_webmgr: succeeded',
      'server1 clusterpro_alertsync: Starting webalert deamon:',
      'server1 clusterpro_alertsync:',
      'server1 rc: Starting clusterpro_alertsync: succeeded',
    ],
  );
  t.true(
    all.some((line) => line.endsWith('<type: mdagent><event: 1> Agent has started successfully.')),
  );
  t.true(
    all.some((line) =>
      line.endsWith('<type: rc><event: 11> The start processing of a group failover1 ended.'),
    ),
  );
});

test('every server holds the alerts of all, one that was away catches up', async (t) => {
  const twin = await twinOf();
  await twin.advance(5_000);
  const before = alertsOf(twin, 'server1');
  t.deepEqual(alertsOf(twin, 'server2'), before);
  t.true(
    before.some((line) => line.includes('server1')) &&
      before.some((line) => line.includes('server2')),
  );
  await twin.run(twin.faults.killServer('server2'));
  await twin.advance(20_000);
  const meanwhile = alertsOf(twin, 'server1');
  t.true(meanwhile.some((line) => line.includes('Server server2 down.')));
  t.deepEqual(alertsOf(twin, 'server2'), before);
  await twin.run(twin.faults.powerOn('server2'));
  await twin.advance(90_000);
  t.deepEqual(alertsOf(twin, 'server2'), alertsOf(twin, 'server1'));
  t.true(alertsOf(twin, 'server2').length > meanwhile.length);
});

test('what is mailed is as delivered, then as edited once the daemon starts anew', async (t) => {
  const twin = await twinOf(WITH_MAIL);
  const server = twin.server('server1');
  const fail = async () => {
    await twin.run(twin.faults.killServer('server2'));
    await twin.advance(10_000);
    await twin.run(twin.faults.powerOn('server2'));
    await twin.advance(60_000);
    return server.mails
      .splice(0)
      .map(({ message }) => message.subject)
      .filter((one) => one.includes('nm'));
  };
  t.deepEqual(await fail(), ['[server1] Info: nm 2']);
  server.files.put('/opt/nec/clusterpro/messages/nm.msg.us', 'ID=2\nSEND=syslog,alert\n');
  t.deepEqual(await fail(), ['[server1] Info: nm 2']);
  await twin.exec('server1', ['clpcl', '-r']);
  await twin.advance(60_000);
  server.mails.splice(0);
  t.deepEqual(await fail(), []);
});

test('a twin records its mails, and to which server they would have gone', async (t) => {
  const twin = await twinOf(WITH_MAIL);
  await twin.run(twin.faults.killServer('server2'));
  await twin.advance(10_000);
  const [first] = twin.server('server1').mails;
  t.deepEqual(first?.server, {
    host: '127.0.0.1',
    port: 2525,
    from: 'ann@example.com',
    to: ['ann@example.com', 'bob@example.com'],
    timeoutMs: 30_000,
  });
  t.regex(first!.message.text, /Server server2 down\./);
});

test('a message that is written by hand goes where it is sent, and to the other servers', async (t) => {
  const twin = await twinOf(WITH_MAIL);
  const server = twin.server('server1');
  server.mails.splice(0);
  const said = async (...words: string[]) => {
    const { stdout, stderr, exitCode } = await twin.exec('server1', ['clplogcmd', ...words]);
    return `${stdout}${stderr}${exitCode}`;
  };
  const ok = 'Command succeeded.\n0';
  t.is(await said('-m', '-- backup of md1 --'), ok);
  t.is(await said('-m', 'disk is full', '-L', 'err', '-i', '20', '--syslog', '--mail'), ok);
  t.is(await said('-m', 'by mail', '-l', 'WARN', '--mail'), ok);
  await twin.advance(5_000);
  const isHand = (line: string) => line.includes('logcmd');
  t.deepEqual(
    linesOf(twin, 'server1', SYSLOG_PATH)
      .filter(isHand)
      .map((line) => line.slice(16)),
    [
      'server1 CLUSTERPRO: <type: logcmd><event: 1> -- backup of md1 --',
      'server1 CLUSTERPRO: <type: logcmd><event: 20> disk is full',
    ],
  );
  for (const holder of ['server1', 'server2']) {
    const cells = alertsOf(twin, holder)
      .filter(isHand)
      .map((line) => line.split('  ').toSpliced(1, 1));
    t.deepEqual(cells, [['Info', 'server1', 'logcmd', '1', '-- backup of md1 --']]);
  }
  t.deepEqual(
    server.mails.map(({ message }) => message.subject),
    ['[server1] Error: logcmd 20', '[server1] Warning: logcmd 1'],
  );
});

test('a message for nobody’s mail is logged, and that is said', async (t) => {
  const twin = await twinOf();
  const words = ['clplogcmd', '-m', 'hello', '--mail', '--alert'];
  const { stdout, stderr, exitCode } = await twin.exec('server1', words);
  t.deepEqual(
    [stdout, stderr, exitCode],
    ['Command succeeded.\n', 'clplogcmd: no mail: clp.conf names no mail server\n', 0],
  );
  t.true(alertsOf(twin, 'server1').some((line) => line.endsWith('logcmd  1  hello')));
});

test('what nobody writes waits for the event process, in its order, and is lost with the boot', async (t) => {
  const twin = await twinOf();
  const written = () =>
    linesOf(twin, 'server1', SYSLOG_PATH).flatMap(
      (line) => /event: 9\d> (.*)/.exec(line)?.[1] ?? [],
    );
  const say = async (id: number, text: string) => {
    await twin.exec('server1', ['clplogcmd', '-m', text, '-i', String(id), '--syslog'], []);
    await twin.advance(1_000);
  };
  twin.faults.stopProcess('server1', 'clpevent');
  await say(91, 'first');
  await say(92, 'second');
  t.deepEqual(written(), []);
  twin.faults.continueProcess('server1', 'clpevent');
  await say(93, 'third');
  t.deepEqual(written(), ['first', 'second', 'third']);
  twin.faults.stopProcess('server1', 'clpevent');
  await say(94, 'fourth');
  await twin.run(twin.faults.killServer('server1'));
  await twin.run(twin.faults.powerOn('server1'));
  await twin.atRest();
  await say(95, 'fifth');
  t.deepEqual(written(), ['first', 'second', 'third', 'fifth']);
});

test('no alerts are exchanged with a server whose alert synchronization is stopped', async (t) => {
  const twin = await twinOf();
  const holds = (server: string, text: string) =>
    linesOf(twin, server, ALERT_LOG_PATH).some((line) => line.includes(text));
  const say = (server: string, text: string) =>
    twin.exec(server, ['clplogcmd', '-m', text, '--alert'], []);
  twin.faults.stopProcess('server2', 'clpwebalt');
  await say('server1', 'from one');
  await say('server2', 'from two');
  await twin.advance(5_000);
  t.false(holds('server2', 'from one'));
  t.false(holds('server1', 'from two'));
  twin.faults.continueProcess('server2', 'clpwebalt');
  await say('server2', 'again');
  await twin.advance(60_000);
  t.true(holds('server2', 'from one'));
  t.true(holds('server1', 'from two'));
});
