import test from 'ava';
import fc from 'fast-check';
import {
  documentOf,
  isInstant,
  readDocument,
  readPolicy,
  readWindowDocument,
} from '../../src/change/documents.ts';
import { canonicalText, hashText } from '../../src/change/text.ts';
import { describeError } from '../../src/core/errors.ts';
import type { SignedDocument } from '../../src/schema/generated/signed-document.ts';
import { goodPapers, PLAN, POLICY, paper, policyPaper, REQUEST } from '../support/signed-papers.ts';

function told(read: () => unknown): string {
  try {
    read();
    return 'good';
  } catch (error) {
    return describeError(error).replaceAll(/[0-9a-f]{64}/g, 'HASH');
  }
}

test('canonical text is hashed as RFC 8785 and SHA-256 say', (t) => {
  t.is(canonicalText({ b: [1.0, 'ü'], a: null }), '{"a":null,"b":[1,"ü"]}');
  t.is(hashText(''), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('papers of every kind, and policies, come back as they were written', (t) => {
  const { all } = goodPapers();
  for (const one of all) {
    const word = readWindowDocument(readDocument(JSON.parse(JSON.stringify(one)), 'a file'));
    t.is(canonicalText(word), one.text);
  }
  t.deepEqual(readPolicy(policyPaper(POLICY)), POLICY);
  t.is(policyPaper(POLICY).name, 'policy');
});

const asked = paper('request', 'rita', 0, REQUEST);
const changed = (more: Partial<SignedDocument>): SignedDocument => ({ ...asked, ...more });
const written = (more: object): SignedDocument => {
  const document = { ...JSON.parse(asked.text), ...more };
  return documentOf(document, document.by, asked.signature);
};
const body = (more: object) => written({ body: { ...REQUEST, ...more } });
const { text: TEXT } = asked;

const TABLE: [string, () => unknown, string][] = [
  [
    'a file that is no paper',
    () => readDocument([], 'x.json'),
    'x.json: must be object; see drydock.paper/1',
  ],
  [
    'a paper without a signature',
    () => readDocument({ ...asked, signature: undefined }, 'x.json'),
    'x.json: the field signature is missing; see drydock.paper/1',
  ],
  [
    'a paper with a field too many',
    () => readDocument({ ...asked, more: 1 }, 'x.json'),
    'x.json: must NOT have additional properties: more; see drydock.paper/1',
  ],
  [
    'a name that leads elsewhere',
    () => readDocument({ ...asked, name: 'window/../../etc' }, 'x.json').name,
    'x.json: name: must match pattern "^(policy|window/[A-Za-z0-9][A-Za-z0-9._-]{2,63}/[0-9a-f]{64})$"; see drydock.paper/1',
  ],
  [
    'text that is not JSON',
    () => readWindowDocument(changed({ text: '{' })),
    'window/W-1/HASH: text: the text is not JSON; get the document anew from whoever signed it',
  ],
  [
    'text with a blank',
    () => readWindowDocument(changed({ text: ` ${TEXT}` })),
    'window/W-1/HASH: text: the text is not canonical JSON; get the document anew from whoever signed it',
  ],
  [
    'text with half a character',
    () => readWindowDocument(changed({ text: TEXT.replace('Move web', 'Move web\ud800') })),
    'window/W-1/HASH: text: the text is not JSON; get the document anew from whoever signed it',
  ],
  [
    'a key that stands there twice',
    () => readWindowDocument(changed({ text: TEXT.replace('{', '{"window":"W-2",') })),
    'window/W-1/HASH: text: the text is not canonical JSON; get the document anew from whoever signed it',
  ],
  [
    'a name with another hash',
    () => readWindowDocument(changed({ name: `window/W-1/${'0'.repeat(64)}` })),
    'window/W-1/HASH: name: its text belongs to window/W-1/HASH; get the document anew from whoever signed it',
  ],
  [
    'another signer than the text says',
    () => readWindowDocument(changed({ by: 'alf' })),
    'window/W-1/HASH: by: its text says it is by rita; get the document anew from whoever signed it',
  ],
  [
    'a second version',
    () => readWindowDocument(changed({ version: 2 })),
    'window/W-1/HASH: version: a window’s document has version 1; get the document anew from whoever signed it',
  ],
  [
    'a kind that nobody knows',
    () => readWindowDocument(written({ kind: 'wish' })),
    'window/W-1/HASH: text.kind: must be equal to one of the allowed values: request | approval | rejection | withdrawal | opening | amendment | handover | closing | review; see drydock.window-paper/1',
  ],
  [
    'a body of another kind',
    () => readWindowDocument(written({ kind: 'approval' })),
    'window/W-1/HASH: text.body: the field of is missing; see drydock.window-paper/1',
  ],
  [
    'a plan without its hash',
    () => readWindowDocument(body({ plans: [{ ...PLAN, runbook: { id: 'move', title: '' } }] })),
    'window/W-1/HASH: text.body.plans.0.runbook: the field hash is missing; see drydock.window-paper/1',
  ],
  [
    'a day that does not exist',
    () => readWindowDocument(body({ start: '2026-02-30T00:00:00Z' })),
    'window/W-1/HASH: text.body.start: must match format "date-time"; see drydock.window-paper/1',
  ],
  [
    'an end before the start',
    () => readWindowDocument(body({ end: REQUEST.start })),
    'window/W-1/HASH: text.body.end: the window ends before it starts; get the document anew from whoever signed it',
  ],
  [
    'a window’s paper as a policy',
    () => readPolicy(asked),
    'window/W-1/HASH: name: the document is no policy; get the document anew from whoever signed it',
  ],
  [
    'a policy under another version',
    () => readPolicy({ ...policyPaper(POLICY), version: 7 }),
    'policy: version: it says version 7 and holds 1; get the document anew from whoever signed it',
  ],
  [
    'a policy that knows nobody',
    () => readPolicy(policyPaper({ ...POLICY, people: [] as never })),
    'policy: text.people: must NOT have fewer than 1 items; see drydock.policy/1',
  ],
];

for (const [title, read, expected] of TABLE) {
  test(`${title} is refused, naming file and field`, (t) => t.is(told(read), expected));
}

test('whatever is read as a paper leads to a paper or to an error with a remedy', (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, text) => {
      for (const read of [
        () => readDocument(value, 'x'),
        () => readPolicy({ ...policyPaper(POLICY), text }),
        () => readWindowDocument({ ...asked, text: JSON.stringify(value) }),
      ]) {
        if (/defect|undefined/.test(told(read))) return false;
      }
      return true;
    }),
  );
  t.pass();
});

test('an instant has a day that exists, a time and a zone', (t) => {
  const good = ['2026-01-01T00:00:00Z', '2024-02-29T23:59:59.123Z', '2026-01-01T00:00:00+02:00'];
  const bad = ['2026-01-01', '2026-01-01T00:00:00', '2026-02-29T00:00:00Z', '2026-01-01T24:00:00Z'];
  t.deepEqual(good.map(isInstant), [true, true, true]);
  t.deepEqual(bad.map(isInstant), [false, false, false, false]);
});
