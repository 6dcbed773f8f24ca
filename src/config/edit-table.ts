/**
 * What `clpcfset add` and `clpcfset del` take, a row for each kind of object. Words, places and the
 * numbers of devices are those of the field's scripts; `fnc` (a forced stop), `fncparam` and
 * `srvparam` are spelled as we choose, and so is everything that `del` takes: the words that name
 * the object, without its values.
 */

/** The words of one call, by what they are. */
export type Said = Readonly<Record<string, string>>;

export interface Row {
  /** What names the object. */
  names: readonly string[];
  /** What is written of it; a word that ends in ? may be left out. */
  values: readonly string[];
  /** Whose parameters these are: that must be there. */
  of?: (said: Said) => string;
  /** Written in this order below <root>; null: the element alone. */
  set: (said: Said) => [path: string, value: string | null][];
  /** Taken out by `del`. */
  gone: (said: Said) => string[];
}

/** Where the numbers of a kind of device begin; a smaller number counts from there. */
const FIRST_DEVICE: Readonly<Record<string, number>> = {
  lan: 0,
  com: 200,
  disk: 300,
  mdc: 400,
  bmc: 600,
  witness: 700,
  disknp: 10_100,
  ping: 10_200,
  http: 10_700,
  /** Our choice. */
  majority: 10_300,
};

/** What a heartbeat or a resolution of partitions goes over. */
export const DEVICE_OF: Readonly<Record<string, string>> = {
  lanhb: 'lan',
  lankhb: 'lan',
  comhb: 'com',
  diskhb: 'disk',
  bmchb: 'bmc',
  witnesshb: 'witness',
  disknp: 'disknp',
  pingnp: 'ping',
  httpnp: 'http',
  majonp: 'majority',
};

/** `mdc 0` and `mdc 400` are the same device. */
function deviceNumber(kind: string, id: string): number {
  const first = FIRST_DEVICE[kind] ?? 0;
  return Number(id) < first ? first + Number(id) : Number(id);
}

/** The path and the number of the resource that goes over a device: lankhb1 over the first. */
function over(section: string, { TYPE = '', ID = '' }: Said): { path: string; device: string } {
  const kind = DEVICE_OF[TYPE] ?? '';
  const device = deviceNumber(kind, ID);
  const nth = device - (FIRST_DEVICE[kind] ?? 0) + 1;
  return { path: `${section}/${TYPE}@${TYPE}${nth}`, device: String(device) };
}

function hostOf({ HOST }: Said, path: string): [string, string][] {
  if (HOST === undefined) return [];
  const [, host = HOST, port = '80'] = /^(.*?)(?::(\d+))?$/.exec(HOST) ?? [];
  return [
    [`${path}/host`, host],
    [`${path}/port`, port],
  ];
}

function member(section: string, said: Said): [string, string | null][] {
  const { path, device } = over(section, said);
  return [
    [`${section}/types@${said.TYPE}`, null],
    [`${path}/priority`, said.PRIORITY ?? ''],
    [`${path}/device`, device],
    ...hostOf(said, path),
  ];
}

const devicePath = ({ SERVER, KIND = '', ID = '' }: Said) =>
  `server@${SERVER}/device@${deviceNumber(KIND, ID)}`;
const serverPath = ({ SERVER }: Said) => `server@${SERVER}`;
const groupPath = ({ GROUP }: Said) => `group@${GROUP}`;
const resourcePath = ({ TYPE, NAME }: Said) => `resource/${TYPE}@${NAME}`;
const monitorPath = ({ TYPE, NAME }: Said) => `monitor/${TYPE}@${NAME}`;
const forceStopPath = ({ TYPE }: Said) => `forcestop/${TYPE}@${TYPE}`;
const filterPath = ({ SERVER, ID }: Said) => `server@${SERVER}/hba@${ID}`;

/** One value below an object that is there. */
function parameter(names: readonly string[], of: (said: Said) => string): Row {
  return {
    names: [...names, 'TAG'],
    values: ['VALUE'],
    of,
    set: (said) => [[`${of(said)}/${said.TAG}`, said.VALUE ?? '']],
    gone: (said) => [`${of(said)}/${said.TAG}`],
  };
}

const filter: Row = {
  names: ['SERVER', 'ID'],
  values: ['PORT', 'DEVICE', 'INSTANCE'],
  of: serverPath,
  set: (said) => [
    [`${filterPath(said)}/portnumber`, said.PORT ?? ''],
    [`${filterPath(said)}/deviceid`, said.DEVICE ?? ''],
    [`${filterPath(said)}/instanceid`, said.INSTANCE ?? ''],
  ],
  gone: (said) => [filterPath(said)],
};

function deviceSettings(said: Said): [string, string][] {
  const path = devicePath(said);
  const { KIND = '', INFO = '', EXTEND } = said;
  const isDisk = KIND === 'disk';
  return [
    [`${path}/type`, KIND],
    [`${path}/info`, INFO],
    ...(EXTEND !== undefined || isDisk ? ([[`${path}/extend`, EXTEND ?? '']] as const) : []),
    ...(KIND === 'mdc' || isDisk ? ([[`${path}/${KIND}/info`, INFO]] as const) : []),
    ...(isDisk ? ([[`${path}/disk/extend`, EXTEND ?? '']] as const) : []),
  ].map(([place, value]) => [place, value]);
}

export const EDITS: ReadonlyMap<string, Row> = new Map<string, Row>([
  [
    'clsparam',
    {
      names: ['TAG'],
      values: ['VALUE'],
      set: ({ TAG = '', VALUE = '' }) => [[TAG, VALUE]],
      gone: ({ TAG = '' }) => [TAG],
    },
  ],
  [
    'srv',
    {
      names: ['SERVER'],
      values: ['PRIORITY'],
      set: (said) => [[`${serverPath(said)}/priority`, said.PRIORITY ?? '']],
      gone: (said) => [serverPath(said)],
    },
  ],
  ['srvparam', parameter(['SERVER'], serverPath)],
  [
    'device',
    {
      names: ['SERVER', 'KIND', 'ID'],
      values: ['INFO', 'EXTEND?'],
      of: serverPath,
      set: deviceSettings,
      gone: (said) => [devicePath(said)],
    },
  ],
  ['diskfilter', filter],
  ['hba', filter],
  [
    'hb',
    {
      names: ['TYPE', 'ID'],
      values: ['PRIORITY', 'HOST?'],
      set: (said) => member('heartbeat', said),
      gone: (said) => [over('heartbeat', said).path],
    },
  ],
  [
    'np',
    {
      names: ['TYPE', 'ID'],
      values: ['PRIORITY', 'HOST?', 'LIST?', 'IP?'],
      set: (said) => {
        if (said.TYPE !== 'pingnp') return member('networkpartition', said);
        // Of a ping the third value is the number of the group of addresses.
        const { HOST: grp = '', LIST: list = '', IP = '', ...rest } = said;
        const { path } = over('networkpartition', said);
        return [...member('networkpartition', rest), [`${path}/grp@${grp}/list@${list}/ip`, IP]];
      },
      gone: (said) => [over('networkpartition', said).path],
    },
  ],
  [
    'fnc',
    {
      names: ['TYPE'],
      values: [],
      set: (said) => [
        [`forcestop/types@${said.TYPE}`, null],
        [forceStopPath(said), null],
      ],
      gone: (said) => [forceStopPath(said)],
    },
  ],
  ['fncparam', parameter(['TYPE'], forceStopPath)],
  [
    'grp',
    {
      names: ['TYPE', 'GROUP'],
      values: [],
      set: (said) => [
        [`${groupPath(said)}/type`, said.TYPE ?? ''],
        [`${groupPath(said)}/comment`, null],
      ],
      gone: (said) => [groupPath(said)],
    },
  ],
  ['grpparam', parameter(['TYPE', 'GROUP'], groupPath)],
  [
    'rsc',
    {
      names: ['GROUP', 'TYPE', 'NAME'],
      values: [],
      of: groupPath,
      set: (said) => [
        [`${groupPath(said)}/resource@${said.TYPE}@${said.NAME}`, null],
        [`resource/types@${said.TYPE}`, null],
        [`${resourcePath(said)}/comment`, null],
      ],
      gone: (said) => [`${groupPath(said)}/resource@${said.TYPE}@${said.NAME}`, resourcePath(said)],
    },
  ],
  ['rscparam', parameter(['TYPE', 'NAME'], resourcePath)],
  [
    'rscdep',
    {
      names: ['TYPE', 'NAME', 'DEPEND'],
      values: [],
      of: resourcePath,
      set: (said) => [[`${resourcePath(said)}/depend@${said.DEPEND}`, null]],
      gone: (said) => [`${resourcePath(said)}/depend@${said.DEPEND}`],
    },
  ],
  [
    'mon',
    {
      names: ['TYPE', 'NAME'],
      values: [],
      set: (said) => [
        [`monitor/types@${said.TYPE}`, null],
        [`${monitorPath(said)}/comment`, null],
      ],
      gone: (said) => [monitorPath(said)],
    },
  ],
  ['monparam', parameter(['TYPE', 'NAME'], monitorPath)],
]);
