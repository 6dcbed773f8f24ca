/** A live server of X makes an archive by itself when an address of its own is not activated (x5 2.9). */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { ECAP_PATH } from '../../src/core/paths.ts';
import { labDown } from '../../src/lab/lab.ts';
import { layoutOf } from '../../src/lab/layout.ts';
import { unpacked } from '../support/unpacked.ts';
import { fixture, makePlace, startLabOf, untilStatus } from './support.ts';

const place = makePlace();

test.after.always(async () => {
  await labDown(place.lab);
  place.remove();
});

/** The second group begins on the second server, with the address of the first. */
const TAKEN = fixture('x5mirror')
  .replace('<ip>10.0.0.12</ip>', '<ip>10.0.0.11</ip>')
  .replace(
    /(<group name="failover2">.*?<policy name=")server1(.*?<policy name=")server2/s,
    '$1server2$2server1',
  );

test('the archive of a server whose resource failed', async (t) => {
  const lab = await startLabOf(place.lab, TAKEN);
  const folderOf = (server: string) => join(layoutOf(place.lab).server(server).root, ECAP_PATH);
  // Whose address comes second is a matter of moments between two servers that live.
  const made = () =>
    ['server1', 'server2'].flatMap((server) => {
      const names = existsSync(folderOf(server)) ? readdirSync(folderOf(server)) : [];
      return names
        .filter((name) => name.endsWith('_rc_32.tar.gz'))
        .map((name) => ({ server, name }));
    });
  await untilStatus(lab, 'an archive', () => made().length > 0);
  const { server, name } = made()[0]!;
  t.regex(name, /^\d{14}_rc_32\.tar\.gz$/);
  const all = await unpacked(readFileSync(join(folderOf(server), name)));
  t.is(String(all['common/hostname.txt']), `${server}\n`);
  t.regex(String(all['common/ps_-ef.txt']), /clprc/);
  t.regex(
    String(all['fip.ecap.md']),
    /^# fip[12]\n\n## ip n\n\n {4}10\.0\.0\.[12] dev eth0 .*## ping -w 3 10\.0\.0\.11\n\n {4}PING 10\.0\.0\.11 /s,
  );
});
