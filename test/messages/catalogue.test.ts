/** The catalogue against itself: what code can raise, both generations can say. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import test from 'ava';
import { argumentCount } from '../../scripts/generate-messages.ts';
import driver from '../../src/messages/driver.json' with { type: 'json' };
import failures from '../../src/messages/failures.json' with { type: 'json' };
import { failureOf, messageOf } from '../../src/messages/index.ts';
import own from '../../src/messages/own.json' with { type: 'json' };
import v3 from '../../src/messages/v3.json' with { type: 'json' };
import x5 from '../../src/messages/x5.json' with { type: 'json' };
import failureSchema from '../../src/schema/failure-words.schema.json' with { type: 'json' };
import type { FailureRow } from '../../src/schema/generated/failure-words.ts';
import type { MessageRow } from '../../src/schema/generated/message-catalogue.ts';
import messageSchema from '../../src/schema/message-catalogue.schema.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));
const catalogues = {
  v3: v3 as MessageRow[],
  x5: x5 as MessageRow[],
  own: own as MessageRow[],
  driver: driver as MessageRow[],
};
const words = failures as FailureRow[];

/** Messages that one generation alone has, by intent. */
const ONLY = {
  v3: ['Count', 'Trial', 'Short', 'Ended', 'Early'].map((how) => `fastSync${how}`),
  x5: [
    ...['activation', 'deactivation', 'monitor'].flatMap((by) =>
      [
        ...['SysrqPanic', 'KeepaliveReset', 'KeepalivePanic', 'IoFencing'],
        ...['BmcReset', 'BmcPowerOff', 'BmcPowerCycle', 'BmcNmi'],
      ].flatMap((action) => [`${by}${action}`, `${by}${action}Failed`]),
    ),
    ...['activation', 'deactivation'].flatMap((by) =>
      ['StopDaemon', 'StopDaemonAndShutdown', 'StopDaemonAndReboot'].map((to) => `${by}${to}`),
    ),
    ...['startWaitBegun', 'startWaitEnded', 'startWaitTimedOut', 'startWaitFailed'],
    ...['stopWaitBegun', 'stopWaitEnded', 'stopWaitTimedOut', 'stopWaitFailed'],
    ...['destinationSet', 'noDestination', 'notInConditionToStart'],
    ...['sameServerGroup', 'otherServerGroup', 'noneInServerGroup'],
    ...['failbackStarting', 'failbackEnded', 'failbackFailed'],
    ...['autoStartupOff', 'activationRecoveryOff', 'deactivationRecoveryOff'],
    'monitorRecoveryIgnored',
    ...['waitBegun', 'waitComplete', 'waitOver', 'waitCancelled'],
    ...['licenceFixed', 'licenceFixedEnded'],
    ...['partitioned', 'resolutionFailed'].flatMap((why) =>
      ['Stop', 'Halt', 'Reboot', 'Action'].map((end) => `${why}${end}`),
    ),
    ...['partitionNormal', 'partitionError'],
    ...['resumeFailed', 'haltFailed'],
    ...['resourceRebootsExceeded', 'monitorRebootsExceeded'],
    ...['Off', 'Cycle', 'Reset', 'Nmi'].flatMap((how) => [`bmc${how}Ordered`, `bmc${how}Failed`]),
    ...['machineStopOrdered', 'machineStopFailed', 'stopScriptStarted', 'stopScriptFailed'],
    ...['lanhb', 'lankhb', 'diskhb', 'comhb', 'bmchb'].map((kind) => `${kind}Delayed`),
    ...['diskhbFileSystem', 'diskhbRecovered', 'bmchbNotInitialised', 'resourceNotStarted'],
    ...['cannotTalk', 'talksAgain', 'waitOverUntalked'],
    ...['oneMonitor', 'allMonitors'].flatMap((which) => [`${which}Suspended`, `${which}Resumed`]),
    ...['Starting', 'Started', 'StartFailed', 'Stopping', 'Stopped', 'StopFailed'].map(
      (how) => `alone${how}`,
    ),
    ...[
      'constructionNotExecuted',
      'mirrorFormatted',
      'mirrorNotFormatted',
      'forcedRecoveryCancelled',
    ],
    ...['mirrorSizesDiffer', 'mirrorSizesSame', 'mirrorSizesStillDiffer'],
    ...['mirrorIsolationFailed', 'forcedActivationFailed', 'forcedRecoveryFailed'],
    ...['mirrorIsolated', 'forcedActivationEnded', 'forcedRecoveryEnded'],
    ...['hybridPartitionUnwritten', 'hybridPartitionUnread'],
    ...['recoveryCancelled', 'recoveryNotCancelled', 'mirrorExtended', 'mirrorNotExtended'],
    ...['start', 'stop', 'suspend', 'resume', 'shutdown', 'reboot'].flatMap((what) => [
      `${what}Requested`,
      `${what}RequestFailed`,
    ]),
    ...['startFailedOnSome', 'stopFailedOnSome', 'requestFailedOnSome', 'stopWhileRunning'],
    ...['configurationUploaded', 'mailSent'],
    ...['notified', 'notificationDenied', 'requestedActionDone', 'requestedActionFailed'],
    ...[
      'resourceTriedAgain',
      'groupGoesForFailure',
      'groupStopsForFailure',
      'resourceStopTriedAgain',
    ],
    'notInConditionToMove',
    ...['remoteStart', 'remoteStop'].flatMap((what) =>
      ['Asked', 'Done', 'Failed'].map((how) => `${what}${how}`),
    ),
    ...['dummyFailureOn', 'dummyFailureOff', 'allDummyFailuresOn', 'allDummyFailuresOff'],
    ...['dummyFailureNotOn', 'dummyFailureNotOff'],
    ...[
      'collectionBegun',
      'collectionEnded',
      'collectionFailed',
      'doubleRunIgnored',
      'doubleRunHeeded',
    ],
    ...['actionScriptStarted', 'actionScriptEnded', 'actionScriptFailed'],
    ...['beforeActionDone', 'beforeActionFailed', 'recoveryScriptDone', 'recoveryScriptFailed'],
    ...['notFitToStart', 'notFitToStartOne', 'stopScriptEnded'],
    ...['addedStarting', 'addedStarted', 'addedFailed', 'addedNotStarted'],
    ...['aroundStarted', 'aroundEnded', 'aroundFailed'],
    ...['warningOver', 'checkDelayed', 'vipwDelayed', 'ddnswDelayed'],
  ],
};
/** v3 says of the start of a recovery which device, x5 how many bytes as well; of its mode, x5 which device. */
const LEFT_OUT = ['recoveryStarted', 'recoveryMode'];

/** What is said of licences moved from rm 50 to 59 in v3 to a module of its own in the X series. */
const hasMoved = (key: string) => key.startsWith('licence');

const nameOf = ({ module, id }: MessageRow) => `${module} ${id}`;
const keysOf = (rows: readonly { key?: string }[]) =>
  rows.flatMap(({ key }) => (key === undefined ? [] : [key]));

function rowOf(rows: readonly MessageRow[], key: string): MessageRow {
  return rows.find((row) => row.key === key)!;
}

test('every file is as its schema says, and has its known size', (t) => {
  const ajv = new Ajv({ strict: false });
  const isCatalogue = ajv.compile(messageSchema);
  for (const [name, rows] of Object.entries(catalogues)) t.true(isCatalogue(rows), name);
  t.true(ajv.compile(failureSchema)(failures));
  t.deepEqual([v3.length, driver.length, x5.length], [140, 98, 759]);
});

test('a key stands once in each generation, with the same id, level and number of arguments', (t) => {
  const { v3: first, x5: second, own: ours } = catalogues;
  for (const rows of [first, second, ours, words]) {
    t.deepEqual(keysOf(rows), [...new Set(keysOf(rows))]);
  }
  const both = keysOf(first).filter((key) => !ONLY.v3.includes(key));
  const others = keysOf(second).filter((key) => !ONLY.x5.includes(key));
  t.deepEqual(both.sort(), others.sort());
  t.true(both.length > 40);
  for (const key of both) {
    const [a, b] = [rowOf(first, key), rowOf(second, key)];
    t.is(a.level, b.level, key);
    if (!hasMoved(key)) t.deepEqual([a.module, a.id], [b.module, b.id], key);
    if (LEFT_OUT.includes(key)) t.deepEqual([a.text, b.text].map(argumentCount), [1, 2]);
    else t.is(argumentCount(a.text), argumentCount(b.text), key);
  }
  t.deepEqual(
    keysOf(ours).filter((key) => both.includes(key)),
    [],
  );
});

test('an id that both generations have is of the same level in both', (t) => {
  const levels = (rows: MessageRow[], name: string) =>
    rows.flatMap((row) => (nameOf(row) === name ? [row.level] : [])).join(' ');
  const wrong = [...new Set(catalogues.v3.filter(({ id }) => id !== undefined).map(nameOf))]
    .map((name) => [name, levels(catalogues.v3, name), levels(catalogues.x5, name)] as const)
    .filter(([, a, b]) => b !== '' && a !== b);
  t.deepEqual(wrong, []);
});

test('an id of Drydock’s own is nobody else’s', (t) => {
  const modules = new Set([...catalogues.v3, ...catalogues.x5].map(({ module }) => module));
  t.deepEqual(
    catalogues.own.filter(
      ({ module, id }) => id === undefined || (modules.has(module) && id < 9000),
    ),
    [],
  );
  const theirs = new Set([...catalogues.v3, ...catalogues.x5].map(nameOf));
  t.deepEqual(
    catalogues.own.map(nameOf).filter((name) => theirs.has(name)),
    [],
  );
});

/** v3 12.1, column `mail`; what differs in x5. */
const MAILED = `mdadmn 5, mdadmn 19, nm 2, nm 10, nm 20, pm 11, pm 13, pm 20, pm 22,
  rc 32, rc 42, rc 92, rm 7, rm 9, rm 57`.split(/,\s+/);
const MAILED_IN_X5 = [...MAILED.filter((name) => !name.startsWith('mdadmn')), 'mm 905'];
/** Sent to the syslog alone, by both: each resource that starts or stops. */
const SYSLOG_ONLY = ['rc 30', 'rc 31', 'rc 40', 'rc 41'];

test('what is mailed, and what no alert shows, is as the tables say', (t) => {
  const named = (rows: MessageRow[], holds: (to: string) => boolean) =>
    rows.filter(({ id, to }) => id !== undefined && holds(to.join(' '))).map(nameOf);
  const isMailed = (to: string) => to.includes('mail');
  t.deepEqual(named(catalogues.v3, isMailed).sort(), MAILED.toSorted());
  t.deepEqual(named(catalogues.x5, isMailed).sort(), MAILED_IN_X5.toSorted());
  t.deepEqual(named(catalogues.x5, (to) => to.includes('snmp')).sort(), MAILED_IN_X5.toSorted());
  const isQuiet = (to: string) => to === 'syslog';
  t.deepEqual(named(catalogues.v3, isQuiet), SYSLOG_ONLY);
  t.deepEqual(
    named(catalogues.x5, isQuiet).filter((name) => name.startsWith('rc')),
    SYSLOG_ONLY,
  );
});

test('places are numbered from %1 on without a gap, and are nothing else', (t) => {
  for (const { text } of [...Object.values(catalogues).flat(), ...words]) {
    const places = new Set(text.match(/%./g) ?? []);
    const expected = Array.from({ length: argumentCount(text) }, (_, nth) => `%${nth + 1}`);
    t.deepEqual([...places].sort(), expected, text);
  }
});

test('what is raised of failures has a code', (t) => {
  const raised = words.filter(({ key, type }) => key !== undefined && type !== 'mdadmn');
  t.deepEqual(
    raised.filter(({ code }) => code === undefined),
    [],
  );
});

/** As it stands in code: the key, or what monitors of two types or final actions say alike. */
function raisings(key: string): string[] {
  const action = /^((?:de)?activation|monitor)[A-Z]\w+(?=Failed$)/.exec(key)?.[0];
  return [`'${key}'`, `\`\${type}${/\..*/.exec(key)?.[0]}\``, `: '${action}'`];
}

test('every key is raised', (t) => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' });
  const code = files
    .filter((path) => path.endsWith('.ts') && !path.startsWith('schema/generated'))
    .map((path) => readFileSync(join(root, 'src', path), 'utf8'))
    .join('\n');
  const keys = new Set([...Object.values(catalogues), words].flatMap(keysOf));
  t.deepEqual(
    [...keys].filter((key) => !raisings(key).some((one) => code.includes(one))),
    [],
  );
});

test('each generation says it in its own words', (t) => {
  const said = (['v3', 'x5'] as const).map((one) =>
    messageOf(one, 'resourceStartFailed', 'md1', 81, 'a %1'),
  );
  t.deepEqual(said, [
    {
      module: 'rc',
      level: 'Error',
      id: 32,
      to: ['alert', 'syslog', 'mail'],
      text: 'The start processing of a resource md1 failed. (81: a %1)',
    },
    {
      module: 'rc',
      level: 'Error',
      id: 32,
      to: ['alert', 'syslog', 'mail', 'snmp'],
      text: 'Activating md1 resource has failed.(81 : a %1)',
    },
  ]);
  t.deepEqual(failureOf('fip.used', '10.0.0.11'), {
    code: 15,
    text: 'This ip address was already used. IP=10.0.0.11',
  });
  // @ts-expect-error: it takes the name of a group.
  t.notThrows(() => messageOf('v3', 'groupStarted'));
});
