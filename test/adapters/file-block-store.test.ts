import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type DiskFault, openFileBlockStore } from '../../src/adapters/file-block-store.ts';
import { DeviceError } from '../../src/ports/devices.ts';

const folder = mkdtempSync(join(tmpdir(), 'drydock-blocks-'));
const image = join(folder, 'disk.img');
writeFileSync(image, '');
truncateSync(image, 64 * 1024);
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

function openAt(offset: number, fault: () => DiskFault = () => null, readOnly = false) {
  return openFileBlockStore({
    device: '/dev/sdb1',
    image,
    offset,
    sizeBytes: 4096,
    readOnly,
    fault,
  });
}

test.serial('a partition reads what it wrote, and its neighbours do not', async (t) => {
  const one = await openAt(0);
  const two = await openAt(4096);
  await one.write(4000, new Uint8Array(96).fill(7));
  await one.flush();
  t.deepEqual(await one.read(4000, 96), new Uint8Array(96).fill(7));
  t.deepEqual(await two.read(0, 96), new Uint8Array(96));
  await one.close();
  await two.close();
});

test.serial('nothing outside the partition is read or written', async (t) => {
  const one = await openAt(0);
  for (const [offset, length] of [
    [4090, 7],
    [-1, 4],
    [4096, 1],
    [1e9, 1],
  ] as const) {
    await t.throwsAsync(one.read(offset, length), { instanceOf: DeviceError });
    await t.throwsAsync(one.write(offset, new Uint8Array(length)), { instanceOf: DeviceError });
  }
  await one.close();
});

test.serial('a disk fails under whoever holds it open, and heals', async (t) => {
  let fault: DiskFault = null;
  const one = await openAt(0, () => fault);
  const outcomes: Record<string, string> = {};
  for (fault of ['read', 'write', 'all', 'gone', null] as DiskFault[]) {
    const codes = [];
    for (const act of [
      () => one.read(0, 1),
      () => one.write(0, new Uint8Array(1)),
      () => one.flush(),
    ]) {
      const code = await act().then(
        () => 'ok',
        (error: DeviceError) => error.code,
      );
      codes.push(code);
    }
    outcomes[String(fault)] = codes.join(' ');
  }
  t.deepEqual(outcomes, {
    read: 'EIO ok ok',
    write: 'ok EIO EIO',
    all: 'EIO EIO EIO',
    gone: 'ENODEV ENODEV ENODEV',
    null: 'ok ok ok',
  });
  await one.close();
});

test.serial('a read-only device refuses writes, and a missing one is no device', async (t) => {
  const one = await openAt(0, () => null, true);
  t.is(await one.write(0, new Uint8Array(1)).catch((error: DeviceError) => error.code), 'EROFS');
  await one.close();
  const missing = openFileBlockStore({
    device: '/dev/sdc1',
    image: join(folder, 'none.img'),
    offset: 0,
    sizeBytes: 1,
    readOnly: false,
    fault: () => null,
  });
  t.is(await missing.catch((error: DeviceError) => error.code), 'ENODEV');
});
