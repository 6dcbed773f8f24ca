/** The XML tree of a clp.conf as text; its reading is in xml.ts. */
import { XMLBuilder } from 'fast-xml-parser';
import { encodeConfiguration } from './charset.ts';
import { encodeEntities } from './entities.ts';
import { OPTIONS, type Raw, type XmlDocument, type XmlNode } from './xml.ts';

function rawOf(node: XmlNode): Raw {
  if (node.kind === 'text') return { '#text': node.written ?? encodeEntities(node.text) };
  if (node.kind === 'comment') return { '#comment': [{ '#text': node.text }] };
  const raw: Raw = { [node.name]: node.children.map(rawOf) };
  const attributes = Object.entries(node.attributes).map(([key, value]) => {
    return [key, node.written?.[key] ?? encodeEntities(value)];
  });
  if (attributes.length > 0) raw[':@'] = Object.fromEntries(attributes);
  return raw;
}

/**
 * The document as text, indented by two blanks, ending with a line end; its bytes are those of the
 * file's character set. Throws badInput where that lacks a character.
 */
export function writeXml(document: XmlDocument): string {
  const declaration = { version: '1.0', ...document.declaration };
  const builder = new XMLBuilder({
    ...OPTIONS,
    format: true,
    indentBy: '  ',
    suppressEmptyNode: true,
    suppressBooleanAttributes: false,
  });
  const raw = [
    { '?xml': [{ '#text': '' }], ':@': declaration },
    ...document.prolog.map(rawOf),
    rawOf(document.root),
  ];
  const mark = document.marked ? '\ufeff' : '';
  const text = `${mark}${String(builder.build(raw)).trim()}\n`;
  return encodeConfiguration(text, document.charset, document.file);
}
