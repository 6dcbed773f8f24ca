/**
 * `clpcfset`: a clp.conf begun, and single places of it set or taken out; all else keeps its bytes.
 * What is added and there already is set; what is to go and is not there is an error.
 */
import { badInput } from '../core/errors.ts';
import { hint } from '../core/nearest.ts';
import { DEVICE_OF, EDITS, type Row, type Said } from './edit-table.ts';
import { monitorKind } from './kinds.ts';
import { writeXml } from './write-xml.ts';
import {
  at,
  elementsOf,
  ensure,
  isElement,
  newElement,
  parseXml,
  removeAt,
  setText,
  textOf,
  type XmlElement,
} from './xml.ts';

const SYSTEMS = ['linux', 'windows'];
/** A step of a path, and a key: what can be an element's name, or stand in its attribute. */
const PATH = /^[A-Za-z_][\w.-]*(@[^/\s"<>&]+)?(\/[A-Za-z_][\w.-]*(@[^/\s"<>&]+)?)*$/;

function wrong(message: string, remedy: string) {
  return badInput(message, { code: 'configuration.edit', remedy });
}

function isName(word: string): boolean {
  return word !== '' && !/[/\s"<>&]/.test(word);
}

function usageOf(act: string, kind: string, { names, values }: Row): string {
  const words = act === 'add' ? [...names, ...values] : names;
  const shown = words.map((word) => word.replace(/(.*)\?$/, '[$1]'));
  return `clpcfset ${[act, kind, ...shown].join(' ')}`;
}

/** What goes over a device: a type that is known, and of a ping its group, its place and address. */
function checkMember(act: 'add' | 'del', kind: string, row: Row, said: Said): void {
  const types = Object.keys(DEVICE_OF).filter((type) => type.endsWith(kind));
  const { TYPE = '', IP, LIST } = said;
  if (!types.includes(TYPE)) throw wrong(`no ${kind} is of the type ${TYPE}`, hint(TYPE, types));
  const isPing = TYPE === 'pingnp';
  if (act === 'del' || (isPing ? IP !== undefined : LIST === undefined)) return;
  const count = isPing ? 'too few' : 'too many';
  throw wrong(`${count} arguments for a ${TYPE}`, `give ${usageOf('add', kind, row)}`);
}

function saidIn(act: 'add' | 'del', kind: string, row: Row, words: readonly string[]): Said {
  const wanted = act === 'add' ? [...row.names, ...row.values] : row.names;
  const least = wanted.filter((word) => !word.endsWith('?')).length;
  if (words.length < least || words.length > wanted.length) {
    const count = words.length < least ? 'too few' : 'too many';
    throw wrong(`${count} arguments for ${act} ${kind}`, `give ${usageOf(act, kind, row)}`);
  }
  const said = Object.fromEntries(
    words.map((word, nth) => [(wanted[nth] ?? '').replace('?', ''), word]),
  );
  for (const key of row.names) {
    const word = said[key] ?? '';
    if (key === 'ID' && !/^\d{1,6}$/.test(word)) throw wrong(`${word} is no number`, 'give one');
    if (key !== 'TAG' && !isName(word)) {
      throw wrong(`${JSON.stringify(word)} is not a name`, 'give one without blanks and slashes');
    }
  }
  const isMember = kind === 'hb' || kind === 'np';
  if (isMember) checkMember(act, kind, row, said);
  const tag = said.TAG?.replace(/^\/(root\/)?/, '');
  if (tag === undefined) return said;
  if (PATH.test(tag)) return { ...said, TAG: tag };
  throw wrong(`${JSON.stringify(tag)} is no path of elements`, 'give e.g. parameters/act/path');
}

/** Names of the same kind beside a path whose last step leads nowhere. */
function besides(root: XmlElement, path: string): string[] {
  const cut = path.lastIndexOf('/');
  const parent = cut < 0 ? root : at(root, path.slice(0, cut));
  const [tag = ''] = path.slice(cut + 1).split('@', 1);
  return elementsOf(parent, tag).map(({ attributes }) => attributes.name ?? attributes.id ?? '');
}

function mustBe(root: XmlElement, path: string): void {
  if (at(root, path) !== undefined) return;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const what = name.replace('@', ' ');
  const key = name.slice(name.indexOf('@') + 1);
  throw wrong(`there is no ${what} in this file`, hint(key, besides(root, path)));
}

function put(root: XmlElement, path: string, value: string | null): void {
  const element = ensure(root, path);
  if (value === null) return;
  if (element.children.some(isElement)) {
    throw wrong(`/root/${path} holds elements, no value`, 'name the element that holds the value');
  }
  setText(element, value);
}

/** A new group gets the number after the highest. */
function number(root: XmlElement, path: string): void {
  const used = elementsOf(root, 'group').map((group) => {
    const gid = at(group, 'gid')?.children[0];
    return gid?.kind === 'text' ? Number(gid.text) || 0 : -1;
  });
  setText(ensure(root, `${path}/gid`), String(Math.max(-1, ...used) + 1));
}

function add(root: XmlElement, kind: string, row: Row, said: Said): void {
  if (row.of !== undefined) mustBe(root, row.of(said));
  const isNewGroup = kind === 'grp' && at(root, `group@${said.GROUP}`) === undefined;
  for (const [path, value] of row.set(said)) put(root, path, value);
  if (isNewGroup) number(root, `group@${said.GROUP}`);
}

/** The monitors of a mirror that is gone. A choice: they came with it, and watch nothing else. */
function forgetMonitors(root: XmlElement, name: string | undefined): void {
  for (const monitor of elementsOf(at(root, 'monitor'))) {
    const object = at(monitor, 'parameters/object');
    if (!monitorKind(monitor.name).isOfMirror || object === undefined) continue;
    if (textOf(object) !== name) continue;
    removeAt(root, `monitor/${monitor.name}@${monitor.attributes.name}`);
    forget(root, 'mon', { TYPE: monitor.name });
  }
}

/** What names an object that is gone: the list that announces its type, and who refers to it. */
function forget(root: XmlElement, kind: string, said: Said): void {
  const section = { hb: 'heartbeat', np: 'networkpartition', fnc: 'forcestop' }[kind];
  const list = section ?? { rsc: 'resource', mon: 'monitor' }[kind];
  const isLast = list !== undefined && elementsOf(at(root, list), said.TYPE).length === 0;
  if (isLast) removeAt(root, `${list}/types@${said.TYPE}`);
  if (kind === 'srv') {
    const groups = ['group', 'servergroup'].flatMap((tag) => elementsOf(root, tag));
    for (const group of groups) removeAt(group, `policy@${said.SERVER}`);
  }
  if (kind !== 'rsc') return;
  forgetMonitors(root, said.NAME);
  for (const resource of elementsOf(at(root, 'resource')))
    removeAt(resource, `depend@${said.NAME}`);
}

function remove(root: XmlElement, kind: string, row: Row, said: Said): void {
  const [first = '', ...others] = row.gone(said);
  mustBe(root, first);
  if (kind === 'grp' && elementsOf(at(root, first), 'resource').length > 0) {
    const message = `group ${said.GROUP} has resources`;
    throw wrong(message, 'take them out first: clpcfset del rsc GROUP TYPE NAME');
  }
  for (const path of [first, ...others]) removeAt(root, path);
  forget(root, kind, said);
}

/**
 * The file after `add …` or `del …`; the words are those after `clpcfset`. Throws badInput: wrong
 * words, a name that is not there, or a character that the file's set lacks.
 */
export function editConfiguration(text: string, file: string, words: readonly string[]): string {
  const [act = '', kind = '', ...rest] = words;
  if (act !== 'add' && act !== 'del') throw wrong(`${act} is no act`, 'give create, add or del');
  const row = EDITS.get(kind);
  if (kind === '') throw wrong(`${act} what?`, `known: ${[...EDITS.keys()].join(', ')}`);
  if (row === undefined) throw wrong(`nothing is called ${kind}`, hint(kind, EDITS.keys()));
  const said = saidIn(act, kind, row, rest);
  const document = parseXml(text, file);
  if (act === 'add') add(document.root, kind, row, said);
  else remove(document.root, kind, row, said);
  return writeXml(document);
}

/** A new file: `NAME CHARSET [ENCODE] [linux|windows]`. Throws badInput. */
export function beginConfiguration(words: readonly string[], file: string): string {
  const system = words.find((word) => SYSTEMS.includes(word)) ?? 'linux';
  const [name, charset, encode = charset, ...more] = words.filter((word) => word !== system);
  if (name === undefined || charset === undefined || more.length > 0) {
    const remedy = 'give clpcfset create NAME CHARSET [ENCODE] [linux|windows]';
    throw wrong('a new file needs a name and a character set', remedy);
  }
  if (!isName(name)) throw wrong(`${JSON.stringify(name)} is not a name`, 'give one');
  if (!/^[\w.:-]+$/.test(charset)) throw wrong(`${charset} is no character set`, 'e.g. EUC-JP');
  const root = newElement(null, 'root');
  put(root, 'all/charset', charset);
  put(root, 'all/serveros', system);
  put(root, 'all/encode', encode ?? charset);
  put(root, 'cluster/name', name);
  put(root, 'cluster/comment', null);
  const text = `<?xml version="1.0" encoding="${charset}"?>\n`;
  return writeXml({ file, charset: null, text, root });
}

/** What `clpcfset --help` says of `add` and `del`. */
export const editUsage: readonly string[] = [...EDITS].flatMap(([kind, row]) =>
  (['add', 'del'] as const).map((act) => usageOf(act, kind, row)),
);
