/**
 * A clp.conf made of a few words, for tests of what servers hear each other over:
 *
 *     v3 | x5             the generation
 *     servers=3           server1 to server3, in this order of priority
 *     hb=lanhb,comhb      heartbeat resources, lanhb1, comhb1 …, each with a device of its own
 *     np=pingnp,disknp    network partition resolution; pingnp asks 10.0.0.254, httpnp 10.0.0.253
 *     action=4            what follows a partition, by its number
 *     forcestop           by management controllers
 *     groups=2            failover1 (server1 first), failover2 (server2 first) …; one by default
 *     stall=PANIC         what ends a server that stalls, in its user space or in its shutdown
 *     timeout=1500        ms, of the heartbeats, one every 300 ms
 *     agent=heartbeat:Dummy,fake=x   each group has ocf1 … besides, run by it, and its monitor ocfw1 …
 *
 * A group has an address and a script.
 */
const FIRST_DEVICE: Record<string, number> = { lan: 0, disk: 300, com: 200, bmc: 10300 };

interface Words {
  isV3: boolean;
  names: string[];
  beats: string[];
  partitions: string[];
  action: string | null;
  forced: boolean;
  groups: number;
  /** The agent, then its parameters; empty: none. */
  agent: string[];
  timeoutMs: number;
  stall: string | null;
}

function read(words: readonly string[]): Words {
  const given = new Map(
    words.map((word): [string, string] => {
      const [name = '', value = ''] = word.split(/=(.*)/s);
      return [name, value];
    }),
  );
  const list = (name: string) => given.get(name)?.split(',') ?? [];
  const count = Number(given.get('servers') ?? 2);
  return {
    isV3: given.has('v3'),
    names: Array.from({ length: count }, (_, at) => `server${at + 1}`),
    beats: given.has('hb') ? list('hb') : ['lanhb', 'lanhb'],
    partitions: list('np'),
    action: given.get('action') ?? null,
    forced: given.has('forcestop'),
    groups: Number(given.get('groups') ?? 1),
    agent: list('agent'),
    timeoutMs: Number(given.get('timeout') ?? 1500),
    stall: given.get('stall') ?? null,
  };
}

interface Used {
  type: string;
  name: string;
  device: { kind: string; id: number } | null;
}

/** Names and devices by kind, counted up; disks of resolution stand apart from those of heartbeats. */
function used(types: readonly string[], kinds: Record<string, string>, from: number): Used[] {
  const seen = new Map<string, number>();
  const next = (key: string) => {
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return seen.get(key)!;
  };
  return types.map((type) => {
    const kind = kinds[type];
    const device = kind
      ? { kind, id: FIRST_DEVICE[kind]! + next(`device ${kind}`) - 1 + from }
      : null;
    return { type, name: `${type}${next(type)}`, device };
  });
}

const BEAT_DEVICES = { lanhb: 'lan', lankhb: 'lan', comhb: 'com', diskhb: 'disk', bmchb: 'bmc' };
const TARGETS: Record<string, string> = { pingnp: '10.0.0.254', httpnp: '10.0.0.253' };

/** Of a device of the server at that place: what a clp.conf says of it. */
function infoOf(kind: string, id: number, at: number): string {
  if (kind === 'lan') return `10.0.${id}.${at + 1}`;
  if (kind === 'com') return `/dev/ttyS${id - FIRST_DEVICE.com!}`;
  return kind === 'disk' ? `/dev/sdq${id - FIRST_DEVICE.disk! + 1}` : `/dev/${kind}${id}`;
}

function server(name: string, at: number, all: Used[], forced: boolean): string {
  const devices = all.flatMap(({ device }) => device ?? []);
  if (forced) devices.push({ kind: 'bmc', id: FIRST_DEVICE.bmc! });
  const unique = devices.filter(({ id }, index) => {
    return devices.findIndex((one) => one.id === id) === index;
  });
  const rows = unique.map(({ kind, id }) => {
    const info = infoOf(kind, id, at);
    return `    <device id="${id}"><type>${kind}</type><info>${info}</info></device>`;
  });
  return `  <server name="${name}">\n    <priority>${at}</priority>\n${rows.join('\n')}\n  </server>`;
}

function member({ type, name, device }: Used, at: number): string {
  const target = TARGETS[type];
  const grp = target ? `<grp id="0"><list id="0"><ip>${target}</ip></list></grp>` : '';
  const id = device ? `<device>${device.id}</device>` : '';
  return `    <${type} name="${name}"><priority>${at}</priority>${id}${grp}</${type}>`;
}

/** Each type announced before its first member, as the product writes it. */
function listOf(all: readonly Used[]): string {
  const rows = all.map((one, at) => {
    const isFirst = all.findIndex(({ type }) => type === one.type) === at;
    return `${isFirst ? `    <types name="${one.type}"/>\n` : ''}${member(one, at)}`;
  });
  return rows.join('\n');
}

function groupOf(at: number, names: readonly string[], agent: readonly string[]): string {
  const order = names.map((_, place) => names[(place + at) % names.length]!);
  const policies = order.map((name, place) => {
    return `    <policy name="${name}"><order>${place}</order></policy>`;
  });
  const number = at + 1;
  return `  <group name="failover${number}">
${policies.join('\n')}
    <resource name="fip@fip${number}"/>
    <resource name="exec@exec${number}"/>${agent.length > 0 ? `\n    <resource name="ocf@ocf${number}"/>` : ''}
  </group>`;
}

function ocfOf([agent = '', ...given]: readonly string[], number: number): string {
  const [provider = '', name = ''] = agent.split(':');
  const keys = given
    .map((one) => one.split('='))
    .map(([key, value]) => `<${key}>${value}</${key}>`);
  const reskey = keys.length > 0 ? `<reskey>${keys.join('')}</reskey>` : '';
  return `    <ocf name="ocf${number}"><parameters><provider>${provider}</provider><agent>${name}</agent>${reskey}</parameters></ocf>`;
}

/** Nothing follows an error of it but a failover. */
function watchingOf(count: number): string {
  const rows = Array.from({ length: count }, (_, at) => at + 1).map((number) => {
    return `    <ocfw name="ocfw${number}"><target>ocf${number}</target><relation><type>rsc</type><name>ocf${number}</name></relation><emergency><threshold><restart>0</restart><fo>1</fo></threshold></emergency><polling><interval>1</interval><timeout>10</timeout><reconfirmation>0</reconfirmation></polling></ocfw>`;
  });
  return `    <types name="ocfw"/>\n${rows.join('\n')}`;
}

function resourcesOf(count: number, agent: readonly string[]): string {
  const numbers = Array.from({ length: count }, (_, at) => at + 1);
  const fips = numbers.map((number) => {
    return `    <fip name="fip${number}"><parameters><ip>10.0.0.${100 + number}</ip></parameters></fip>`;
  });
  const execs = numbers.map((number) => `    <exec name="exec${number}"/>`);
  const ocfs = agent.length > 0 ? numbers.map((number) => ocfOf(agent, number)) : [];
  const announced = agent.length > 0 ? ['    <types name="ocf"/>'] : [];
  const all = ['    <types name="fip"/>', ...fips, '    <types name="exec"/>', ...execs];
  return [...all, ...announced, ...ocfs].join('\n');
}

function stallWatch(stall: string): string {
  return `    <types name="userw"/>
    <userw name="userw"><relation><type>cls</type><name>LocalServer</name></relation><parameters><action>${stall}</action></parameters></userw>`;
}

function monitorsOf(stall: string | null, agents: number): string {
  const rows = [...(stall ? [stallWatch(stall)] : []), ...(agents > 0 ? [watchingOf(agents)] : [])];
  return rows.length > 0 ? `\n  <monitor>\n${rows.join('\n')}\n  </monitor>` : '';
}

export function madeCluster(words: readonly string[]): string {
  const { isV3, names, beats, partitions, action, forced, groups, agent, timeoutMs, stall } =
    read(words);
  const hb = used(beats, BEAT_DEVICES, 0);
  const np = used(partitions, { disknp: 'disk' }, 50);
  const all = [...hb, ...np];
  const npaction =
    action === null ? '' : `<networkpartition><npaction>${action}</npaction></networkpartition>`;
  return `<?xml version="1.0" encoding="UTF-8"?>
<root>
  <all><charset>UTF-8</charset><serveros>linux</serveros><encode>UTF-8</encode></all>
  <trekking><savededition>${isV3 ? 'SE' : 'X'}</savededition><savedversion>${isV3 ? '3.0-3' : '5.2.0-1'}</savedversion></trekking>
  <cluster>
    <name>cluster</name>
    <heartbeat><interval>300</interval><timeout>${timeoutMs}</timeout></heartbeat>
    <startupwait>5</startupwait>${npaction}${stall ? `<haltp><action>${stall}</action></haltp>` : ''}
  </cluster>
${names.map((name, at) => server(name, at, all, forced)).join('\n')}
  <heartbeat>
${listOf(hb)}
  </heartbeat>
  <networkpartition>
${listOf(np)}
  </networkpartition>${forced ? '\n  <forcestop><bmc name="bmc1"><timeout>5</timeout></bmc></forcestop>' : ''}
${Array.from({ length: groups }, (_, at) => groupOf(at, names, agent)).join('\n')}
  <resource>
${resourcesOf(groups, agent)}
  </resource>${monitorsOf(stall, agent.length > 0 ? groups : 0)}
</root>
`;
}
