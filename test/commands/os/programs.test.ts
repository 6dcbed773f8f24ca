/** What a server says of itself: what runs, how full it is, what it is called, who answers. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import { CONFIG_PATH } from '../../../src/core/paths.ts';
import { bare, booted } from '../../host/harness.ts';
import { type Console, openConsole, said } from './console.ts';

const CONF = readFileSync(
  new URL('../../../fixtures/clusters/v3le.clp.conf', import.meta.url),
  'utf8',
);

function serving(): Console {
  const chassis = booted();
  chassis.ask('host', { do: 'node', event: 'online', heartbeats: ['lanhb', 'comhb'] }, 'server1');
  const console = openConsole(chassis);
  console.files.set(CONFIG_PATH, CONF);
  return console;
}

/** On a server with every service running. */
const lines: [string, string | RegExp][] = [
  ['ps -C clprc -o pid=,args=', /^0 \| +\d+ clprc$/],
  [
    'ps -ef',
    /root +\d+ +\d+ +0 00:00 \? +00:00:00 clpmonp --mdagent -a 5 -r 0 -w 30\n.* clpmdagent\n/,
  ],
  ['ps -C clpdiskhb', '1 |     PID TTY          TIME CMD'],
  ['systemctl stop clusterpro_webmgr; ps -C clpwebmgr', /^1 /],
  ['ps --forest', '1 | ps: unsupported option --forest'],
  ['top -b -n 1', /^0 \| top - 12:00:00.*\n.* clpmdagent/s],
  ['top', '1 | top: failed tty get: say -b -n 1'],
  ['free -m', /^0 \| +total.*\nMem: +2048 /],
  ['free -x', '1 | free: option -x is not provided here'],
  [
    'df -P',
    /^0 \| Filesystem +1024-blocks +Used +Available +Capacity Mounted on\n\/dev\/sda1 +8388608 .* \/$/,
  ],
  ['df /nowhere', '1 | df: /nowhere: No such file or directory'],
  ['lsmod', /liscal/],
  ['insmod softdog.o; lsmod', /softdog/],
  [
    'insmod /lib/softdog.ko; insmod softdog.o',
    '1 | insmod: ERROR: could not insert module softdog.o: File exists',
  ],
  ['insmod no.ko', '1 | insmod: ERROR: could not load module no.ko: No such file or directory'],
  ['rmmod softdog', '1 | rmmod: ERROR: Module softdog is not currently loaded'],
  ['rmmod liscal', '1 | rmmod: ERROR: Module liscal is in use'],
  ['rpm -q expresscls', '0 | expresscls-3.0-1.x86_64'],
  ['rpm -q openssh', '1 | package openssh is not installed'],
  ['rpm -qi expresscls', /^0 \| Name +: expresscls\nVersion +: 3.0\n/],
  ['rpm -e expresscls', '1 | error: ExpressCluster is running'],
  ['rpm -e openssh', '1 | error: package openssh is not installed'],
  ['rpm -i /none.rpm', '1 | error: open of /none.rpm failed: No such file or directory'],
  ['hostname -s', '0 | server1'],
  ['hostname -f', '0 | server1'],
  ['hostname -I', '0 | 10.0.0.1 10.0.1.1'],
  ['hostname -z', "4 | hostname: unrecognized option '-z'"],
  [
    'ip -o addr show dev eth1',
    /^0 \| 3: eth1 +inet 10\.0\.1\.1\/24 brd 10\.0\.1\.255 scope global eth1/,
  ],
  ['ip link show eth7', '1 | Cannot find device "eth7"'],
  ['ip route', '1 | ip: Object "route" is unknown, try "ip help".'],
  ['ip -br a', /^0 \| lo .*\neth0 +UP +10\.0\.0\.1\/24 \neth1 /],
  ['ifconfig eth0', /^0 \| eth0: flags=4163.*\n +inet 10\.0\.0\.1 /],
  ['ifconfig eth7', '1 | eth7: error fetching interface information: Device not found'],
  ['ethtool eth0', /Link detected: yes$/],
  ['ethtool eth7', /^75 \| No data available \| netlink error: No such device/],
  [
    'ping -c 1 10.0.0.1',
    /^0 \| \n--- 10\.0\.0\.1 .*\n1 packets transmitted, 1 received, 0% packet loss/,
  ],
  ['ping -c 2 172.16.0.9', /^1 .*2 packets transmitted, 0 received, 100% packet loss/s],
  ['ping -c 1 nobody', '2 | ping: nobody: Name or service not known'],
  ['openssl rand 32 -out /k', '1 | Extra arguments given.\nrand: Use -help for summary.'],
  ['openssl rand -hex 4', '0 | 01234567'],
  ['openssl rand', '1 | rand: Use -help for summary.'],
  [
    'systemctl status clusterpro_md',
    /^0 \| ● clusterpro_md\.service .*\n.*loaded \(.*; enabled;.*\n +Active: active \(running\)/,
  ],
  [
    'systemctl stop clusterpro_webmgr; systemctl status clusterpro_webmgr',
    /^3 \| ○ .*inactive \(dead\)$/s,
  ],
  ['systemctl status sshd', '4 | Unit sshd.service could not be found.'],
  [
    'systemctl show clusterpro -p ActiveState,UnitFileState',
    '0 | ActiveState=active\nUnitFileState=enabled',
  ],
  ['systemctl show sshd --property LoadState --value', '0 | not-found'],
  ['systemctl show', '1 | systemctl: show needs the name of a service'],
];
for (const [typed, want] of lines) {
  test(`${typed} → ${want}`, async (t) => {
    const console = serving();
    let last = '';
    for (const line of typed.split('; ')) last = said(await console.type(line));
    if (typeof want === 'string') t.is(last, want);
    else t.regex(last, want);
  });
}

test('the product goes with its services, and comes back from its package file', async (t) => {
  const console = openConsole(bare());
  t.is(said(await console.type('rpm -e expresscls')), '0');
  t.is(said(await console.type('chkconfig --list')), '0');
  console.files.set('/cdrom/expresscls-3.0-1.i386.rpm', 'package');
  t.is(said(await console.type('rpm -i /cdrom/expresscls-3.0-1.i386.rpm')), '0');
  t.regex(said(await console.type('systemctl is-enabled clusterpro_md')), /^0 \| enabled/);
  t.regex(
    said(await console.type('rpm -i /cdrom/expresscls-3.0-1.i386.rpm')),
    /already installed$/,
  );
});

test('a cable that is out of its interface costs the link', async (t) => {
  const console = serving();
  console.chassis.ask('bmc', { do: 'cable.pull', net: 'lan0' });
  t.regex(said(await console.type('ethtool eth0')), /Link detected: no$/);
  t.regex(said(await console.type('ethtool eth1')), /Link detected: yes$/);
});

test('a key has as many bytes as were asked for', async (t) => {
  const console = serving();
  t.is(said(await console.type('openssl rand -out /new.key 5')), '0');
  t.is(console.files.get('/new.key')?.length, 5);
});

test('a module that was loaded is gone with the next boot', async (t) => {
  const console = serving();
  await console.type('insmod softdog.o');
  const { chassis } = console;
  chassis.ask('bmc', { do: 'power.reset' });
  chassis.take({ type: 'processes.gone' });
  chassis.fire('boot');
  t.notRegex(said(await console.type('lsmod')), /softdog/);
});

test('what the mirror agent mounted is mounted, and has its size', async (t) => {
  const console = serving();
  const body = { do: 'mount', device: '/dev/NMP1', point: '/mnt/md1', fs: 'ext3', options: [] };
  console.chassis.ask('host', { ...body, readOnly: false }, 'server1');
  t.is(said(await console.type('mount')), '0 | /dev/NMP1 on /mnt/md1 type ext3 (rw)');
  t.regex(said(await console.type('df /mnt/md1')), /\/dev\/NMP1 +2048 +0 +2048 +0% \/mnt\/md1$/);
});
