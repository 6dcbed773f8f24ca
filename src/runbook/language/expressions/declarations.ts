/** The same words as in expressions-functions.ts, as the checker and the manual page see them. */
import {
  ANY,
  BOOL,
  DECIMAL,
  elementOf,
  fieldsOf,
  STATUS_TYPE,
  STRING,
  type Type,
  WHOLE,
} from './schema.ts';

export interface FunctionDeclaration {
  name: string;
  parameters: Type[];
  result: Type;
  about: string;
  /** Kinds of the first value, where several will do. */
  takes?: Type['kind'][];
  /** Asks the configuration: only for a parameter's default. */
  config?: boolean;
}

export interface MethodDeclaration {
  name: string;
  parameters: Type[][];
  result: (target: Type) => Type;
  /** Kinds of value it may follow. */
  of: Type['kind'][];
}

const named = (name: string, list: string, about: string): FunctionDeclaration => ({
  name,
  parameters: [STRING],
  result: elementOf(list),
  about,
});

const configured = (name: string, about: string): FunctionDeclaration => ({
  name,
  parameters: [STRING],
  result: STRING,
  about,
  config: true,
});

const text = (name: string, parameters: Type[], about: string): FunctionDeclaration => ({
  name,
  parameters,
  result: STRING,
  about,
});

const cast = (name: string, result: Type, takes: Type['kind'][]): FunctionDeclaration => ({
  name,
  parameters: [ANY],
  takes,
  result,
  about: name === 'size' ? 'how many, or how long' : `as ${name}`,
});

export const FUNCTIONS: ReadonlyMap<string, FunctionDeclaration> = new Map(
  [
    named('server', 'servers', 'the server of that name'),
    named('group', 'groups', 'the failover group of that name'),
    named('resource', 'resources', 'the group resource of that name'),
    named('monitor', 'monitors', 'the monitor resource of that name'),
    named('mirror', 'mirrors', 'the mirror disk resource of that name'),
    text('groupOf', [STRING], 'the group that holds the resource'),
    text('active', [STRING], 'the server where the mirror is active, null when nowhere'),
    text('peer', [STRING], 'the other one of two servers'),
    text('chosen', [STRING], 'the option chosen at that step'),
    text('lossIfForced', [STRING, STRING], 'what each copy of a mirror holds, in words'),
    configured('dataPartition', 'data partition of a mirror'),
    configured('clusterPartition', 'cluster partition of a mirror'),
    configured('mirrorPartition', 'mirror partition device of a mirror'),
    configured('mountPoint', 'mount point of a mirror'),
    configured('fileSystem', 'file system of a mirror'),
    configured('disk', "the disk that holds a mirror's data partition"),
    cast('int', WHOLE, ['string', 'number']),
    cast('double', DECIMAL, ['string', 'number']),
    cast('string', STRING, ['string', 'number', 'bool']),
    cast('bool', BOOL, ['string', 'bool']),
    cast('size', WHOLE, ['string', 'list', 'map', 'record']),
    { name: 'dyn', parameters: [ANY], result: ANY, about: 'as it is' },
  ].map((declaration) => [declaration.name, declaration]),
);

const LIST_OF_STRING: Type = { kind: 'list', of: STRING };
const stringMethod = (name: string, parameters: Type[][], result: Type): MethodDeclaration => ({
  name,
  parameters,
  result: () => result,
  of: ['string'],
});

/** `.on(server)`: that server's side of a mirror or a monitor. */
function sideOf(target: Type): Type {
  if (target.kind !== 'record') return ANY;
  const { servers } = fieldsOf(target);
  return servers?.kind === 'map' ? servers.of : ANY;
}

export const METHODS: ReadonlyMap<string, MethodDeclaration> = new Map(
  [
    { name: 'on', parameters: [[STRING]], result: sideOf, of: ['record' as const] },
    stringMethod('startsWith', [[STRING]], BOOL),
    stringMethod('endsWith', [[STRING]], BOOL),
    stringMethod('contains', [[STRING]], BOOL),
    stringMethod('matches', [[STRING]], BOOL),
    stringMethod('charAt', [[WHOLE]], STRING),
    stringMethod('indexOf', [[STRING], [STRING, WHOLE]], WHOLE),
    stringMethod('lastIndexOf', [[STRING], [STRING, WHOLE]], WHOLE),
    stringMethod('lowerAscii', [[]], STRING),
    stringMethod('upperAscii', [[]], STRING),
    stringMethod(
      'replace',
      [
        [STRING, STRING],
        [STRING, STRING, WHOLE],
      ],
      STRING,
    ),
    stringMethod('split', [[STRING], [STRING, WHOLE]], LIST_OF_STRING),
    stringMethod('substring', [[WHOLE], [WHOLE, WHOLE]], STRING),
    stringMethod('trim', [[]], STRING),
    stringMethod('format', [[{ kind: 'list', of: ANY }]], STRING),
    {
      name: 'join',
      parameters: [[], [STRING]],
      result: () => STRING,
      of: ['list' as const],
    },
    {
      name: 'size',
      parameters: [[]],
      result: () => WHOLE,
      of: ['string' as const, 'list' as const, 'map' as const],
    },
  ].map((declaration) => [declaration.name, declaration as MethodDeclaration]),
);

/** What every expression sees of a status. */
export const ROOTS: Readonly<Record<string, Type>> = {
  cluster: STATUS_TYPE.cluster ?? ANY,
  leases: STATUS_TYPE.leases ?? ANY,
  servers: { kind: 'list', of: elementOf('servers') },
  machines: { kind: 'list', of: elementOf('servers') },
  groups: { kind: 'list', of: elementOf('groups') },
  resources: { kind: 'list', of: elementOf('resources') },
  monitors: { kind: 'list', of: elementOf('monitors') },
  mirrors: { kind: 'list', of: elementOf('mirrors') },
};

/** Names that parameters and roles may not take: the roots, and what a step brings along. */
export const RESERVED: ReadonlySet<string> = new Set([...Object.keys(ROOTS), 'before', 'here']);
