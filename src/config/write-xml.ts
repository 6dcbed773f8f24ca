/**
 * The XML tree of a clp.conf as text; its reading is in xml.ts. What was read and not edited is
 * copied, character by character; what is new is laid out as its neighbours are, on lines of its
 * own or beside one another.
 */
import { encodeConfiguration } from './charset.ts';
import { encodeAttribute, encodeText } from './entities.ts';
import { isElement, type XmlDocument, type XmlElement, type XmlNode } from './xml.ts';

/** What is written on, and how it is laid out. */
interface Page {
  text: string;
  /** A line end, and how much deeper each level stands. */
  lineEnd: string;
  unit: string;
}

const AT_LINE_START = /\r?\n[ \t]*$/;

/** The white space before a node that was read; null: there is none, for it is new. */
function gapOf(page: Page, { place }: XmlNode): string | null {
  return place === undefined ? null : page.text.slice(place.lead, place.start);
}

/** The line end and the blanks with which a node begins its line; '': it does not. */
function indentOf(gap: string): string {
  return AT_LINE_START.exec(gap)?.[0] ?? '';
}

function pageOf({ text, root }: XmlDocument): Page {
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? '\n';
  const page = { text, lineEnd, unit: '  ' };
  const [first] = root.read?.nodes ?? [];
  const unit = first === undefined ? '' : indentOf(gapOf(page, first) ?? '').replace(/^\r?\n/, '');
  return unit === '' ? page : { ...page, unit };
}

/** Where a new child begins: as the last one that begins a line, else one level deeper. */
function childIndent(page: Page, element: XmlElement, own: string): string {
  const read = element.read?.nodes ?? [];
  const indents = read.map((node) => indentOf(gapOf(page, node) ?? '')).filter(Boolean);
  if (indents.length > 0) return indents.at(-1) ?? '';
  return read.some(isElement) || own === '' ? '' : `${own}${page.unit}`;
}

function childrenOf(page: Page, element: XmlElement, own: string): string {
  const { children, read } = element;
  const fresh = childIndent(page, element, own);
  const parts = children.map((child) => {
    const gap = gapOf(page, child) ?? (child.kind === 'text' ? '' : fresh);
    return `${gap}${printed(page, child, indentOf(gap))}`;
  });
  const last = read?.nodes.at(-1)?.place?.end;
  if (read !== undefined && last !== undefined) parts.push(page.text.slice(last, read.innerEnd));
  else if (children.some(isElement)) parts.push(fresh === '' ? '' : own);
  return parts.join('');
}

/** The first tag, which is the only one where nothing stands within. */
function openingOf(page: Page, { read, place, name, attributes, children }: XmlElement): string {
  const end = children.length === 0 ? '/>' : '>';
  if (read !== undefined && place !== undefined) {
    const tag = page.text.slice(place.start, read.inner);
    return read.isEmptyTag === (end === '/>') ? tag : tag.replace(/\s*\/?>$/, end);
  }
  const written = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${encodeAttribute(value)}"`,
  );
  return `<${name}${written.join('')}${end}`;
}

/** `own`: how the node's own line begins. */
function printed(page: Page, node: XmlNode, own: string): string {
  const { place } = node;
  if (node.kind === 'text' && (place === undefined || node.isEdited)) return encodeText(node.text);
  if (node.kind === 'comment' && place === undefined) return `<!--${node.text}-->`;
  if (node.kind !== 'element') return page.text.slice(place?.start, place?.end);
  const { children, read } = node;
  if (children.length === 0 && read?.nodes.length === 0) {
    return page.text.slice(place?.start, place?.end);
  }
  const opening = openingOf(page, node);
  if (children.length === 0) return opening;
  const closing =
    read !== undefined && !read.isEmptyTag
      ? page.text.slice(read.innerEnd, place?.end)
      : `</${node.name}>`;
  return `${opening}${childrenOf(page, node, own)}${closing}`;
}

/**
 * The document as text; its bytes are those of the file's character set. Throws badInput where
 * that lacks a character.
 */
export function writeXml(document: XmlDocument): string {
  const { root, text, charset, file } = document;
  const page = pageOf(document);
  const place = root.place ?? { start: text.length, end: text.length };
  const body = printed(page, root, page.lineEnd);
  const after = root.place === undefined ? '\n' : text.slice(place.end);
  return encodeConfiguration(`${text.slice(0, place.start)}${body}${after}`, charset, file);
}
