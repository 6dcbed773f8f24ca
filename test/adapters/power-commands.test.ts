/**
 * Power control by commands: what they are given, what is read of them, and the real ipmitool
 * against Debian's simulator of a management controller, in every case that a forced stop has to stand.
 */
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { execa } from 'execa';
import { powerCommands } from '../../src/adapters/power-commands.ts';
import { PLATFORMS } from '../../src/adapters/power-platforms.ts';
import { systemClock } from '../../src/adapters/system-clock.ts';
import { forceStop } from '../../src/engine/index.ts';
import { powerFromFile } from '../../src/lab/power-file.ts';
import { testWith } from '../support/tools.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-power-'));
const simulator = (args: string[]) => execa('ipmi_sim', args, { reject: false, stdio: 'ignore' });
const simulators: ReturnType<typeof simulator>[] = [];
test.after.always(async () => {
  for (const running of simulators) running.kill('SIGKILL');
  await Promise.allSettled(simulators);
  rmSync(folder, { recursive: true, force: true });
});

function program(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

const ENTRY: Record<string, Record<string, string>> = {
  bmc: { address: '10.0.9.1', user: 'operator', password: 'hunter2' },
  vcenter: { url: 'https://vc', user: 'u', password: 'hunter2', machine: '/dc/vm/a' },
  aws: { instance: 'i-1', region: 'eu-1' },
  azure: { group: 'g', machine: 'a' },
  oci: { instance: 'ocid1' },
};

/** A program of a platform that says what it got, and answers with a line. */
function platform(name: string, answer: string, code = 0, besides = {}) {
  const bin = mkdtempSync(join(folder, `${name}-`));
  const [tool = ''] = PLATFORMS[name]!.look.argv;
  program(
    join(bin, tool),
    `#!/bin/sh\n{ echo "$0 $*"; env; } >> ${bin}/heard\nprintf '%s\\n' '${answer}'\nexit ${code}\n`,
  );
  const path = `${bin}:/usr/bin:/bin`;
  const entries = { platform: name, ...besides, machines: { server2: ENTRY[name]! } };
  return {
    control: powerCommands(entries, 'power.json', path),
    heard: () => readFileSync(join(bin, 'heard'), 'utf8'),
  };
}

for (const [name, { on, off }] of Object.entries(PLATFORMS)) {
  test(`${name}: off, on and everything else are told apart`, async (t) => {
    for (const line of off)
      t.deepEqual(await platform(name, line).control.look('server2'), { power: 'off' });
    for (const line of on)
      t.deepEqual(await platform(name, line).control.look('server2'), { power: 'on' });
    const others = [
      '',
      `not ${off[0]}`,
      `${off[0]} soon`,
      off[0]!.toUpperCase() === off[0] ? 'stopped' : off[0]!.toUpperCase(),
    ];
    for (const line of others) {
      t.is((await platform(name, line).control.look('server2')).power, 'unknown', line);
    }
    t.is((await platform(name, off[0]!, 1).control.look('server2')).power, 'unknown');
  });

  test(`${name}: an order says off, and nothing of a cycle; no secret is an argument`, async (t) => {
    const { control, heard } = platform(name, 'done');
    await control.order('server2');
    const [line = '', ...env] = heard().split('\n');
    t.regex(line, /off|stop|STOP/);
    t.notRegex(line, /cycle|reset|reboot|hunter2/);
    t.is(
      env.some((one) => one.includes('hunter2')),
      'password' in ENTRY[name]!,
    );
  });
}

for (const name of Object.keys(PLATFORMS)) {
  test(`${name}: it is switched on again by an order of its own`, async (t) => {
    const { control, heard } = platform(name, 'done');
    await control.start('server2');
    const [line = ''] = heard().split('\n');
    t.regex(line, /\bon\b|-on\b|start|START/);
    t.notRegex(line, /cycle|reset|reboot|hunter2|off|stop/);
  });
}

test('azure: a machine is let go with all it holds, where that is wanted', async (t) => {
  const { control, heard } = platform('azure', 'done', 0, { action: 'deallocate' });
  await control.order('server2');
  t.regex(heard(), /az vm deallocate -g g -n a/);
  t.throws(() => platform('aws', 'done', 0, { action: 'deallocate' }), {
    message: /action: aws has none called deallocate/,
  });
});

test('a server of which nothing is said is unknown, and ordered nothing', async (t) => {
  const { control } = platform('bmc', 'Chassis Power is off');
  t.deepEqual(await control.look('server9'), {
    power: 'unknown',
    why: 'power.json says nothing of server9',
  });
  await control.order('server9');
});

test('a password that a program repeats is masked', async (t) => {
  const { control } = platform('bmc', 'bad login hunter2', 1);
  const reading = await control.look('server2');
  t.deepEqual(reading, { power: 'unknown', why: 'refused: bad login ****' });
});

const refused: [title: string, text: string, mode: number, words: RegExp][] = [
  ['no JSON', '{', 0o600, /is no JSON/],
  ['open to others', '{}', 0o644, /others may read it/],
  ['another shape', '{"platform":"bmc","machines":[]}', 0o600, /wants platform, and machines/],
  ['an unknown platform', '{"platform":"abacus","machines":{}}', 0o600, /none called abacus/],
  [
    'a field that lacks',
    '{"platform":"aws","machines":{"server1":{"instance":"i"}}}',
    0o600,
    /server1 has no region/,
  ],
  [
    'a privilege that reads and cannot cut',
    '{"platform":"bmc","machines":{"server1":{"address":"a","user":"u","password":"p","privilege":"USER"}}}',
    0o600,
    /server1: privilege USER cannot cut the power/,
  ],
];
for (const [title, text, mode, words] of refused) {
  test(`a file of power control is refused: ${title}`, (t) => {
    const path = join(folder, `${title.replaceAll(' ', '-')}.json`);
    writeFileSync(path, text);
    chmodSync(path, mode);
    t.throws(() => powerFromFile(path), { message: words });
  });
}

/** As ipmitool 1.8.19 lists the logins of a controller. */
const LISTED = ['1,,true,false,false,Unknown (0x00)', '2,operator,true,false,true,'];
const levels: [level: string, code: number, expected: string | null][] = [
  ['USER', 0, 'user operator has privilege USER at most'],
  ['CALLBACK', 0, 'user operator has privilege CALLBACK at most'],
  ['NO ACCESS', 0, 'user operator has privilege NO ACCESS at most'],
  ['OPERATOR', 0, null],
  ['ADMINISTRATOR', 0, null],
  ['Unknown (0x00)', 0, null],
  // A controller that does not let everybody list them.
  ['USER', 1, null],
];
for (const [level, code, expected] of levels) {
  test(`a login that the controller lists as ${level}, exit ${code}`, async (t) => {
    const { control, heard } = platform('bmc', LISTED.join('\n') + level, code);
    t.is(await control.denial!('server2'), expected);
    t.is(await control.denial!('server9'), null);
    t.regex(heard(), /ipmitool -c .* -L OPERATOR .* user list\n/);
    t.notRegex(heard().split('\n')[0]!, / power |hunter2/);
  });
}

test('a platform that lists no logins denies nothing', async (t) => {
  const { control, heard } = platform('aws', 'anything');
  t.is(await control.denial!('server2'), null);
  t.throws(heard);
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(resolve));
  return port;
}

interface Simulated {
  control(password?: string, user?: string): ReturnType<typeof powerCommands>;
  power(): string;
  orders(): number;
  process: ReturnType<typeof simulator>;
}

/** A simulated controller; `cut`: what its chassis does when it is told to turn the power off. */
async function simulate(name: string, cut: string): Promise<Simulated> {
  const place = join(folder, name);
  mkdirSync(join(place, 'state'), { recursive: true });
  const port = await freePort();
  writeFileSync(
    join(place, 'lan.conf'),
    `name "machine"\nset_working_mc 0x20\n  startlan 1\n    addr 127.0.0.1 ${port}\n` +
      '    priv_limit admin\n    allowed_auths_admin md5\n    guid a123456789abcdefa123456789abcdef\n' +
      `  endlan\n  chassis_control "${place}/chassis"\n  user 2 true "operator" "secret" admin 10 md5\n` +
      '  user 3 true "reader" "secret" user 10 md5\n',
  );
  writeFileSync(
    join(place, 'machine.emu'),
    'mc_setbmc 0x20\nmc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02\nmc_enable 0x20\n',
  );
  writeFileSync(join(place, 'power'), '1\n');
  writeFileSync(join(place, 'orders'), '');
  program(
    join(place, 'chassis'),
    `#!/bin/sh\ncd ${place}\ncase "$1" in 0x*) shift;; esac\ncase "$1 $2 $3" in\n` +
      `'get power '*) echo "power:$(cat power)";;\n'set power 0') echo off >> orders; ${cut};;\n*) exit 1;;\nesac\n`,
  );
  const files = ['-c', join(place, 'lan.conf'), '-f', join(place, 'machine.emu')];
  const running = simulator(['-n', ...files, '-s', join(place, 'state')]);
  simulators.push(running);
  const machine = { address: '127.0.0.1', port: String(port) };
  const control = (password = 'secret', user = 'operator') =>
    powerCommands(
      { platform: 'bmc', machines: { server2: { ...machine, user, password } } },
      'power.json',
      process.env.PATH ?? '',
    );
  for (let tries = 0; tries < 20; tries++) {
    if ((await control().look('server2')).power !== 'unknown') break;
  }
  return {
    control,
    power: () => readFileSync(join(place, 'power'), 'utf8').trim(),
    orders: () => readFileSync(join(place, 'orders'), 'utf8').split('\n').length - 1,
    process: running,
  };
}

const OFF = 'echo 0 > power';
const cases: [title: string, cut: string, ends: RegExp, orders: number][] = [
  ['at once', OFF, /^off$/, 1],
  ['late', `(sleep 5; ${OFF}) < /dev/null > /dev/null 2>&1 &`, /^off$/, 1],
  ['never', 'true', /^it is still on$/, 1],
  ['refused', 'exit 1', /^it is still on$/, 1],
  ['slow', `sleep 6; ${OFF}`, /^off$/, 1],
  ['unreachable', OFF, /^not reachable within/, 0],
  ['wrong password', OFF, /^refused: /, 0],
];

testWith(
  ['ipmi_sim', 'ipmitool'],
  'the real ipmitool and a simulated controller: off is read, and ordered once',
  async (t) => {
    t.timeout(120_000);
    const clock = systemClock();
    await Promise.all(
      cases.map(async ([title, cut, ends, orders]) => {
        const simulated = await simulate(title.replaceAll(' ', '-'), cut);
        if (title === 'unreachable') simulated.process.kill('SIGSTOP');
        const control = simulated.control(title === 'wrong password' ? 'guess' : 'secret');
        const stopped = await forceStop(control, clock, 'server2', 10_000);
        t.regex(stopped.off ? 'off' : stopped.why, ends, title);
        t.is(simulated.power(), stopped.off ? '0' : '1', title);
        t.is(simulated.orders(), orders, title);
      }),
    );
  },
);

testWith(
  ['ipmi_sim', 'ipmitool'],
  'the real ipmitool tells a login that may cut from one that only reads',
  async (t) => {
    t.timeout(60_000);
    const simulated = await simulate('logins', OFF);
    t.is(await simulated.control().denial!('server2'), null);
    const reader = simulated.control('secret', 'reader');
    t.is((await reader.look('server2')).power, 'on');
    t.is(await reader.denial!('server2'), 'user reader has privilege USER at most');
    t.is(simulated.orders(), 0);
  },
);
