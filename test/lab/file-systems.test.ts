/** What a lab with real file systems needs, said before anything is made. */
import test from 'ava';
import { parseClusterConfiguration } from '../../src/config/index.ts';
import { DrydockError } from '../../src/core/errors.ts';
import { checkRealMounts } from '../../src/lab/file-systems.ts';
import { testWithMounts } from '../support/tools.ts';
import { fixture } from './support.ts';

const MIB = 1024 * 1024;

function refusal(text: string, dataBytes: number, isRoot: boolean): string {
  try {
    checkRealMounts(parseClusterConfiguration(text, 'clp.conf'), dataBytes, isRoot);
    return 'none';
  } catch (error) {
    if (!(error instanceof DrydockError)) throw error;
    return `${error.code}: ${error.message}; ${error.remedy}`;
  }
}

const withFs = (fs: string): string =>
  fixture('x5mirror').replace(/<fs>\w+<\/fs>/, `<fs>${fs}</fs>`);

test('without root real mounts are refused, with a way on', (t) => {
  t.is(
    refusal(fixture('v3le'), 64 * MIB, false),
    'lab.mounts: real file systems cannot be mounted: this is not root; be root, or leave --real-mounts out',
  );
});

test('what is not installed is named with its package', (t) => {
  const words = refusal(withFs('ext17'), 64 * MIB, true);
  t.regex(words, /mkfs\.ext17, fsck\.ext17 not found; install .*e2fsprogs, or leave/);
});

testWithMounts(
  'root with the packages may, and a disk too small for its file system is told',
  (t) => {
    t.is(refusal(withFs('ext4'), 16 * MIB, true), 'none');
    t.is(
      refusal(withFs('xfs'), 16 * MIB, true),
      'lab.mounts: real file systems cannot be mounted: xfs wants 300 MiB at least; give --size 300 or more, or leave --real-mounts out',
    );
  },
);
