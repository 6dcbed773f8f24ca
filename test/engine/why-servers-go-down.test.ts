/**
 * Why servers go down: every row of v3 chapter 10 and x5 2.12, with the scenario that shows it, and what
 * that has to say, in this order: the cause, the messages, what becomes of the server. The scenarios
 * themselves are played by their own tests; here none of the rows can be lost.
 */
import { readFileSync } from 'node:fs';
import test from 'ava';

interface Row {
  row: string;
  file: string;
  says: string[];
}

const engine = (name: string) => `engine/scenarios/${name}.txt`;
const twin = (name: string) => `../fixtures/scenarios/${name}.txt`;

/** Final actions that end a server at once, with the name of each in the messages' words. */
const AT_ONCE = {
  sysrqPanic: 'anic by sysrq',
  keepaliveReset: 'eset by keepalive driver',
  keepalivePanic: 'anic by keepalive driver',
  bmcReset: 'eset by BMC',
  bmcPowerOff: 'ower down by BMC',
  bmcPowerCycle: 'ower cycle by BMC',
  bmcNmi: 'NMI',
};
const COUNT_OF_ACTIONS = 9;

/** The rows of one table of x5: an action by each of the nine. */
function actionsOf(row: string, file: string, set: (action: string) => string): Row[] {
  const sudden = Object.entries(AT_ONCE).map(([action, words]) => {
    const end = action === 'bmcPowerOff' ? 'server1: no daemon, power off' : 'server1 resets';
    return { row, file, says: [set(action), words, end] };
  });
  return [
    { row, file, says: [set('stopDaemonAndShutdown'), 'Stopping group', 'host: shutdown'] },
    { row, file, says: [set('stopDaemonAndReboot'), 'Stopping group', 'host: reboot'] },
    ...sudden,
  ];
}

/** The actions of a forced stop by platform, and the message of each. */
const FORCED: [type: string, action: string, words: string][] = [
  ['bmc', 'reset', 'System reset by BMC'],
  ['bmc', 'off', 'System power down by BMC'],
  ['bmc', 'cycle', 'System power cycle by BMC'],
  ['bmc', 'nmi', 'Sending NMI by BMC'],
  ['vcenter', 'off', 'Forced stop of virtual machine'],
  ['vcenter', 'reset', 'Forced stop of virtual machine'],
  ['aws', 'off', 'Forced stop of virtual machine'],
  ['aws', 'reboot', 'Forced stop of virtual machine'],
  ['oci', 'off', 'Forced stop of virtual machine'],
  ['oci', 'reboot', 'Forced stop of virtual machine'],
  ['azure', 'deallocate', 'Forced stop of virtual machine'],
  ['azure', 'off', 'Forced stop of virtual machine'],
  ['azure', 'reboot', 'Forced stop of virtual machine'],
];
const BACK = ['reset', 'cycle', 'nmi', 'reboot'];

const finalAction = (action: string) => `"finalAction":"${action}"`;
const stallAction = (action: string) => `set stallAction "${action}"`;

const V3_ENDED = ['pm 2: Cluster daemon is shutting down', 'The stop processing of a group'];

const ROWS: Row[] = [
  {
    row: 'v3 10.1',
    file: engine('why-servers-go-down-v3'),
    says: ['activation', finalAction('stopDaemonAndShutdown'), ...V3_ENDED, 'host: shutdown'],
  },
  {
    row: 'v3 10.1',
    file: engine('why-servers-go-down-v3'),
    says: ['activation', finalAction('stopDaemonAndReboot'), ...V3_ENDED, 'host: reboot'],
  },
  {
    row: 'v3 10.2',
    file: engine('why-servers-go-down-v3'),
    says: ['genw1', finalAction('stopDaemonAndShutdown'), 'rm 16', ...V3_ENDED, 'host: shutdown'],
  },
  {
    row: 'v3 10.2',
    file: engine('monitor-final-action'),
    says: ['script server1 genw2', 'rm 17', ...V3_ENDED, 'host: reboot'],
  },
  ...['clprc', 'clprm', 'clpnm'].map((process) => ({
    row: 'v3 10.3',
    file: twin('why-servers-go-down-v3'),
    says: [
      `kill-process server1 ${process}`,
      'poweredOff',
      `pm Error 20 ${process} process exit abnormally.`,
      'pm Info 23 system will be halted.',
    ],
  })),
  {
    row: 'v3 10.4',
    file: engine('deactivation-failure'),
    says: ['"op":"stop"', 'rc 42', 'host: shutdown'],
  },
  {
    row: 'v3 10.5',
    file: twin('why-servers-go-down-v3'),
    says: ['freeze server1', 'server1  power on', 'is reset: nobody pet the watchdog'],
  },
  {
    row: 'v3 10.6',
    file: twin('stall-in-a-shutdown-v3'),
    says: [
      'shutdown -h now',
      'freeze server1',
      'server1  power on  online',
      'stalls in its shutdown',
    ],
  },
  {
    row: 'v3 10.7',
    file: engine('partition-without-forced-stop'),
    says: ['rc 92: group failover2 is started on more than one server.', 'host: shutdown'],
  },
  {
    row: 'v3 10.7',
    file: engine('partition-of-an-old-version'),
    says: ['set edition "SE"', 'set version "3.0-2"', 'server1: Online', 'failover2 Online'],
  },
  {
    row: 'v3 10.8',
    file: twin('mirror-disk-fails-v3'),
    says: [
      'fail-disk server1',
      'server1 is reset: disk error of md1',
      'Cluster daemon has started',
    ],
  },
  {
    row: 'v3 10.9',
    file: twin('why-servers-go-down-v3'),
    says: ['clpmdagent', 'monp Error 2', 'monp Info 8', 'pm Info 25', 'has started properly'],
  },
  ...actionsOf('x5 2.12.1', engine('final-action-of-activation'), finalAction),
  ...actionsOf('x5 2.12.1', engine('final-action-of-deactivation'), finalAction),
  ...actionsOf('x5 2.12.2', engine('stall-of-activation'), stallAction),
  ...actionsOf('x5 2.12.2', engine('stall-of-deactivation'), stallAction),
  {
    row: 'x5 2.12.2',
    file: engine('stall-of-activation'),
    says: [
      'noActivationRecovery true',
      'rc 32: Activating exec2 resource has failed.(99 : command is timeout)',
    ],
  },
  {
    row: 'x5 2.12.2',
    file: engine('stall-of-deactivation'),
    says: ['rc 42: Stopping exec2 resource has failed.(99 : command is timeout)'],
  },
  ...actionsOf('x5 2.12.3', engine('final-action-of-a-monitor'), finalAction),
  {
    row: 'x5 2.12.4',
    file: twin('server-killed-fenced'),
    says: ['kill server1', 'failover1  Online'],
  },
  ...FORCED.map(([type, action, words]) => ({
    row: 'x5 2.12.4',
    file: engine('forced-stop-actions'),
    says: [
      `"type":"${type}","timeoutMs":3000${action === 'off' ? '' : `,"action":"${action}"`}}`,
      words,
      'fence 200: Power of server server1 is off',
      'Failover group failover1 has started',
      ...(BACK.includes(action) ? ['server1 power on', 'server1: Online'] : ['power off']),
    ],
  })),
  ...['clprm', 'clprc'].map((process) => ({
    row: 'x5 2.12.5',
    file: twin('why-servers-go-down-x5'),
    says: [
      `kill-process server1 ${process}`,
      'poweredOff',
      `pm Error 20 Process ${process} was terminated abnormally.`,
      'pm Info 23 The system will be stopped.',
    ],
  })),
  {
    row: 'x5 2.12.5',
    file: twin('reboot-for-a-process-x5'),
    says: ['kill-process server1 clprm', 'pm Error 20', 'pm Info 25', 'pm Info 1 '],
  },
  {
    row: 'x5 2.12.6',
    file: engine('deactivation-failure'),
    says: ['processAction "stopDaemonAndReboot"', 'rc 42', 'host: reboot'],
  },
  {
    row: 'x5 2.12.6',
    file: engine('deactivation-failure'),
    says: ['where nothing is set', 'rc 42', 'host: shutdown'],
  },
  {
    row: 'x5 2.12.7',
    file: twin('why-servers-go-down-x5'),
    says: ['freeze server1', 'server1  power on', 'is reset: nobody pet the watchdog'],
  },
  {
    row: 'x5 2.12.8',
    file: twin('stall-in-a-shutdown-x5'),
    says: [
      'shutdown -h now',
      'freeze server1',
      'server1  power on  online',
      'stalls in its shutdown',
    ],
  },
  ...[
    ['panic', 'panic'],
    ['iofencing', 'I/O fencing'],
  ].flatMap(([name, words]) => [
    {
      row: 'x5 2.12.7',
      file: twin(`stall-${name}-x5`),
      says: [
        'freeze server1',
        'server1  power on',
        `server1 is reset: ${words}, because nobody pet`,
      ],
    },
    {
      row: 'x5 2.12.8',
      file: twin(`stall-${name}-x5`),
      says: [
        'shutdown -h now',
        'server2  power on',
        'pm Info 3',
        `stalls in its shutdown since 60000 ms: ${words}.`,
      ],
    },
  ]),
  {
    row: 'x5 2.12.9',
    file: engine('partition-of-x5-without-resolution'),
    says: [
      'rc 92: Group failover2 has started on more than one server.',
      'rc 91',
      'host: shutdown',
    ],
  },
  {
    row: 'x5 2.12.10',
    file: engine('partition-actions'),
    says: ['action=1', 'action=2', 'host: shutdown', 'action=3', 'host: reboot', 'action=11'],
  },
  {
    row: 'x5 2.12.11',
    file: twin('why-servers-go-down-x5'),
    says: [
      'fail-disk server2',
      'server2 is reset: disk error of md1',
      'Starting the cluster daemon',
    ],
  },
  {
    row: 'x5 2.12.12',
    file: twin('why-servers-go-down-hybrid'),
    says: [
      'fail-disk server3',
      'server3 is reset: disk error of hd1',
      'Starting the cluster daemon',
    ],
  },
  {
    row: 'x5 2.12.13',
    file: engine('suspend-or-resume-that-fails'),
    says: ['"op":"resume"', 'trnsv 50', 'host: shutdown'],
  },
  {
    row: 'x5 2.12.13',
    file: engine('suspend-or-resume-that-fails'),
    says: ['A suspension that fails', 'did not suspend', 'host: shutdown'],
  },
];

/** What is asked for and is not there, in its order. */
function firstMissing(text: string, says: readonly string[]): string | null {
  let from = 0;
  for (const words of says) {
    const found = text.indexOf(words, from);
    if (found < 0) return words;
    from = found + words.length;
  }
  return null;
}

for (const { row, file, says } of ROWS) {
  test(`${row} is shown by ${file}: ${says.join(' … ')}`, (t) => {
    const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
    t.is(firstMissing(text, says), null, `${file} shows ${row} no longer`);
  });
}

test('no row of the two manuals is missing', (t) => {
  const chapters = ['10.1', '10.2', '10.3', '10.4', '10.5', '10.6', '10.7', '10.8', '10.9'];
  const sections = Array.from({ length: 13 }, (_, at) => `x5 2.12.${at + 1}`);
  const known = new Set(ROWS.map(({ row }) => row));
  t.deepEqual([...known].sort(), [...chapters.map((one) => `v3 ${one}`), ...sections].sort());
  const listed = ROWS.filter(({ row, file }) => row === 'x5 2.12.3' && file.includes('monitor'));
  t.is(listed.length, COUNT_OF_ACTIONS);
});
