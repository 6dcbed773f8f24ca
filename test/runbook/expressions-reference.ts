/**
 * A slow reference evaluator: trees of the expressions' language with their text, and what each
 * means over a status, said plainly. Unknown is a value that every operator passes on, except
 * where a truth table decides without it (&&, ||, exists, all) and where a branch is not taken.
 */
import fc from 'fast-check';
import type { Status } from '../../src/schema/generated/status-1.ts';

export const UNKNOWN = null;
type Unknown = typeof UNKNOWN;
type Value = string | number | boolean | string[];

/** `loop`: what a loop's variable stands for, by its name. */
export interface World {
  status: Status;
  loop: Record<string, string>;
}

export interface Tree<T extends Value> {
  text: string;
  means(world: World): T | Unknown;
}

/** Strict: unknown when any part is. */
function strict<A extends Value[], T extends Value>(
  parts: { [K in keyof A]: Tree<A[K]> },
  text: string,
  act: (...values: A) => T,
): Tree<T> {
  return {
    text,
    means(world) {
      const values = (parts as Tree<Value>[]).map((part) => part.means(world));
      return values.includes(UNKNOWN) ? UNKNOWN : act(...(values as A));
    },
  };
}

const constant = <T extends Value>(text: string, value: T): Tree<T> => ({
  text,
  means: () => value,
});

type Bool = Tree<boolean>;
type Text = Tree<string>;

function or(values: (boolean | Unknown)[]): boolean | Unknown {
  if (values.includes(true)) return true;
  return values.includes(UNKNOWN) ? UNKNOWN : false;
}

function and(values: (boolean | Unknown)[]): boolean | Unknown {
  if (values.includes(false)) return false;
  return values.includes(UNKNOWN) ? UNKNOWN : true;
}

function choice<T extends Value>(condition: Bool, yes: Tree<T>, no: Tree<T>): Tree<T> {
  return {
    text: `(${condition.text} ? ${yes.text} : ${no.text})`,
    means(world) {
      const met = condition.means(world);
      if (met === UNKNOWN) return UNKNOWN;
      return met ? yes.means(world) : no.means(world);
    },
  };
}

/** The vendor's words for not knowing, and null: unknown. */
function told<T extends Value>(value: T | null | undefined): T | Unknown {
  if (value === null || value === undefined || value === 'GRAY' || value === 'Unknown') {
    return UNKNOWN;
  }
  return value;
}

const FIELDS: { text: string; read(status: Status): string | null | undefined }[] = [
  { text: "mirror('md1').state", read: ({ mirrors }) => mirrors.md1!.state },
  { text: "mirror('md1').servers['server1'].color", read: (s) => sideOf(s, 'server1').color },
  { text: "mirror('md1').on('server2').color", read: (s) => sideOf(s, 'server2').color },
  { text: "server('server1').state", read: ({ servers }) => servers.server1!.state },
  { text: "server('server1').power", read: ({ servers }) => servers.server1!.power },
  {
    text: "server('server1').heartbeats['server2']['lanhb1']",
    read: ({ servers }) => servers.server1!.heartbeats.server2!.lanhb1,
  },
];

function sideOf(status: Status, server: string) {
  return status.mirrors.md1!.servers[server]!;
}

const fields: Text[] = FIELDS.map(({ text, read }) => ({
  text,
  means: ({ status }) => told(read(status)),
}));

/** A field compared with the vendor's own word: known, whatever it says, unless it is null. */
const askedForWord: Bool[] = FIELDS.flatMap(({ text, read }, at) => {
  const word = [1, 2].includes(at) ? 'GRAY' : 'Unknown';
  if (at === 4) return [];
  return [
    {
      text: `(${text} == '${word}')`,
      means: ({ status }: World) => read(status) === word,
    },
    {
      text: `(${text} in ['RED', '${word}', 'Normal'])`,
      means: ({ status }: World) => ['RED', word, 'Normal'].includes(String(read(status))),
    },
  ];
});

const numbers: Tree<number>[] = ['server1', 'server2'].map((server) => ({
  text: `mirror('md1').on('${server}').dirtyBytes`,
  means: ({ status }) => told(sideOf(status, server).dirtyBytes),
}));

const SERVERS = ['server1', 'server2'];
const COLORS: Text = { text: "mirror('md1').on(x).color", means: (w) => colorOf(w) };

function colorOf({ status, loop }: World): string | Unknown {
  return told(sideOf(status, loop.x as string).color);
}

function loops(condition: Bool, inner: Bool, word: 'exists' | 'all'): Bool {
  return {
    text: `servers.map(s, s.name).${word}(x, (${inner.text}) ${word === 'all' ? '||' : '&&'} (${condition.text}))`,
    means(world) {
      const each = SERVERS.map((x) => {
        const within = { ...world, loop: { ...world.loop, x } };
        const values = [inner.means(within), condition.means(within)];
        return word === 'all' ? or(values) : and(values);
      });
      return word === 'all' ? and(each) : or(each);
    },
  };
}

function colorsOf(of: (world: World, x: string) => string | Unknown, text: string): Tree<string[]> {
  return {
    text: `servers.map(s, s.name).map(x, ${text})`,
    means(world) {
      const values = SERVERS.map((x) => of(world, x));
      return values.includes(UNKNOWN) ? UNKNOWN : (values as string[]);
    },
  };
}

const quoted = (value: string) => `'${value}'`;
const words = fc.constantFrom('Normal', 'Abnormal', 'GREEN', 'RED', 'on', '', 'Online');
const small = fc.integer({ min: 0, max: 9 });

interface Kinds {
  bool: Bool;
  text: Text;
  number: Tree<number>;
  list: Tree<string[]>;
}

const inLoop = (inner: Bool): Bool => inner;

/** Conditions over the variable of a loop. */
const overX = fc.constantFrom<Bool>(
  {
    text: "mirror('md1').on(x).color == 'GREEN'",
    means: (world) => {
      const color = colorOf(world);
      return color === UNKNOWN ? UNKNOWN : color === 'GREEN';
    },
  },
  {
    text: "mirror('md1').on(x).color == 'GRAY'",
    means: ({ status, loop }) => sideOf(status, loop.x as string).color === 'GRAY',
  },
  { text: "x == 'server1'", means: ({ loop }) => loop.x === 'server1' },
);

export const { bool: conditions } = fc.letrec<Kinds>((tie) => {
  const one = {
    bool: tie('bool') as fc.Arbitrary<Bool>,
    text: tie('text') as fc.Arbitrary<Text>,
    number: tie('number') as fc.Arbitrary<Tree<number>>,
    list: tie('list') as fc.Arbitrary<Tree<string[]>>,
  };
  return {
    bool: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...askedForWord, constant('true', true), constant('false', false)),
      fc
        .tuple(one.text, one.text)
        .map(([a, b]) =>
          strict<[string, string], boolean>([a, b], `(${a.text} == ${b.text})`, (x, y) => x === y),
        ),
      fc
        .tuple(one.text, words)
        .map(([a, word]) =>
          strict<[string], boolean>([a], `(${a.text} != ${quoted(word)})`, (x) => x !== word),
        ),
      fc
        .tuple(one.text, one.list)
        .map(([a, list]) =>
          strict<[string, string[]], boolean>([a, list], `(${a.text} in ${list.text})`, (x, y) =>
            y.includes(x),
          ),
        ),
      fc
        .tuple(one.text, words)
        .map(([a, word]) =>
          strict<[string], boolean>([a], `${a.text}.startsWith(${quoted(word)})`, (x) =>
            x.startsWith(word),
          ),
        ),
      one.text.map((a) =>
        strict<[string], boolean>([a], `${a.text}.matches('^[A-Z]')`, (x) => /^[A-Z]/.test(x)),
      ),
      fc
        .tuple(one.text, words)
        .map(([a, word]) =>
          strict<[string], boolean>([a], `(${a.text} < ${quoted(word)})`, (x) => x < word),
        ),
      fc
        .tuple(one.number, one.number)
        .map(([a, b]) =>
          strict<[number, number], boolean>([a, b], `(${a.text} >= ${b.text})`, (x, y) => x >= y),
        ),
      fc
        .tuple(one.list, one.list)
        .map(([a, b]) =>
          strict<[string[], string[]], boolean>(
            [a, b],
            `(${a.text} == ${b.text})`,
            (x, y) => x.length === y.length && x.every((item, at) => item === y[at]),
          ),
        ),
      one.bool.map((a) => strict<[boolean], boolean>([a], `!(${a.text})`, (x) => !x)),
      fc.tuple(one.bool, one.bool).map(([a, b]) => ({
        text: `(${a.text} && ${b.text})`,
        means: (world: World) => and([a.means(world), b.means(world)]),
      })),
      fc.tuple(one.bool, one.bool).map(([a, b]) => ({
        text: `(${a.text} || ${b.text})`,
        means: (world: World) => or([a.means(world), b.means(world)]),
      })),
      fc.tuple(one.bool, one.bool, one.bool).map(([a, b, c]) => choice(a, b, c)),
      fc
        .tuple(one.bool, overX, fc.constantFrom<'exists' | 'all'>('exists', 'all'))
        .map(([a, b, word]) => loops(a, inLoop(b), word)),
    ),
    text: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...fields),
      words.map((word) => constant(quoted(word), word)),
      fc.tuple(one.bool, one.text, one.text).map(([a, b, c]) => choice(a, b, c)),
      fc
        .tuple(one.text, one.text)
        .map(([a, b]) =>
          strict<[string, string], string>([a, b], `(${a.text} + ${b.text})`, (x, y) => x + y),
        ),
      one.number.map((a) => strict<[number], string>([a], `string(${a.text})`, (x) => String(x))),
      fc
        .tuple(one.text, one.text, fc.constantFrom(0, 1))
        .map(([a, b, at]) =>
          strict<[string, string], string>(
            [a, b],
            `[${a.text}, ${b.text}][${at}]`,
            (...both) => both[at] as string,
          ),
        ),
      one.text.map((a) => strict<[string], string>([a], `{'k': ${a.text}}['k']`, (x) => x)),
      one.text.map((a) =>
        strict<[string], string>([a], `'%s.'.format([${a.text}])`, (x) => `${x}.`),
      ),
      one.text.map((a) => strict<[string], string>([a], `${a.text}.lowerAscii()`, lowered)),
    ),
    number: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(...numbers),
      small.map((value) => constant(String(value), value)),
      one.text.map((a) => strict<[string], number>([a], `size(${a.text})`, (x) => [...x].length)),
      one.list.map((a) => strict<[string[]], number>([a], `${a.text}.size()`, (x) => x.length)),
      fc
        .tuple(one.number, one.number)
        .map(([a, b]) =>
          strict<[number, number], number>([a, b], `(${a.text} + ${b.text})`, (x, y) => x + y),
        ),
    ),
    list: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constant(constant('servers.map(s, s.name)', SERVERS)),
      fc.constant(colorsOf((world, x) => colorOf({ ...world, loop: { x } }), COLORS.text)),
      fc
        .tuple(one.text, one.text)
        .map(([a, b]) =>
          strict<[string, string], string[]>([a, b], `[${a.text}, ${b.text}]`, (x, y) => [x, y]),
        ),
      fc
        .tuple(one.list, one.list)
        .map(([a, b]) =>
          strict<[string[], string[]], string[]>([a, b], `(${a.text} + ${b.text})`, (x, y) => [
            ...x,
            ...y,
          ]),
        ),
    ),
  };
});

function lowered(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
