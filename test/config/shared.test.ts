/** Who only reads a configuration gets one object for one text. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  parseClusterConfiguration,
  sharedConfiguration,
  sharedMailServer,
} from '../../src/config/index.ts';

const text = readFileSync(
  new URL('../../fixtures/clusters/v3le.clp.conf', import.meta.url),
  'utf8',
);

test('the same text gives the same configuration, as it is read anew', (t) => {
  const shared = sharedConfiguration(text, 'clp.conf');
  t.is(sharedConfiguration(text, 'clp.conf'), shared);
  t.deepEqual(shared, parseClusterConfiguration(text, 'clp.conf'));
  const other = sharedConfiguration(text.replace('<timeout>', '<timeout>1'), 'clp.conf');
  t.not(other, shared);
});

test('nobody changes what others read, too', (t) => {
  const shared = sharedConfiguration(text, 'clp.conf');
  t.throws(() => shared.groups.pop(), { instanceOf: TypeError });
  t.throws(() => Object.assign(shared.servers[0]!, { name: 'other' }), { instanceOf: TypeError });
});

test('what cannot be read is refused each time, with the file that is read', (t) => {
  for (const file of ['one.conf', 'other.conf']) {
    const error = t.throws(() => sharedConfiguration('<root>', file));
    t.like(error, { place: { file } });
  }
});

test('more texts than are kept are read right all the same', (t) => {
  const names = Array.from({ length: 20 }, (_, at) => `cluster${at}`);
  for (const name of [...names, ...names]) {
    const named = text.replace(/<name>[^<]*<\/name>/, `<name>${name}</name>`);
    t.is(sharedConfiguration(named, 'clp.conf').name, name);
    t.is(sharedMailServer(named, 'clp.conf'), null);
  }
});
