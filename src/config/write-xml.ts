/** The XML tree of a clp.conf as text; its reading is in xml.ts. */
import { XMLBuilder } from 'fast-xml-parser';
import { OPTIONS, type Raw, type XmlDocument, type XmlNode } from './xml.ts';

function rawOf(node: XmlNode): Raw {
  if (node.kind === 'text') return { '#text': node.text };
  if (node.kind === 'comment') return { '#comment': [{ '#text': node.text }] };
  const raw: Raw = { [node.name]: node.children.map(rawOf) };
  if (Object.keys(node.attributes).length > 0) raw[':@'] = { ...node.attributes };
  return raw;
}

/** The document as text, indented by two blanks, ending with a line end. */
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
  return `${String(builder.build(raw)).trim()}\n`;
}
