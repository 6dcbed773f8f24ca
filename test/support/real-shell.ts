/**
 * Scripts as root with the machine's own programs, on images in memory: in a mount namespace of
 * their own, below a file system of their own. A loop device is held by an open file of the script
 * alone, so that it is gone when the script is, however that ends.
 */
import { execa } from 'execa';

export interface Told {
  code: number;
  out: string;
  err: string;
}

const PREAMBLE = `
mount -t tmpfs -o size=640m none "$1"
cd "$1"
mkdir p q
# attach IMAGE: a loop device of it, whose name is in $loop
attach() {
  loop=$(losetup --partscan --find --show "$1")
  exec 9<>"$loop"
  blockdev --setrw "$loop"
  losetup --detach "$loop"
}
# leave: nothing is mounted any more, and the device's number is not left read-only for others
leave() {
  umount p/ q/ 2>/dev/null
  [ -z "$loop" ] || blockdev --setrw "$loop"
}
loop=
trap leave EXIT
`;

/** Runs the script with a folder of the test's as its own; `input` is its standard input. */
export async function realShell(folder: string, script: string, input = ''): Promise<Told> {
  const argv = ['--mount', '--propagation', 'private', '--', 'sh', '-c', PREAMBLE + script];
  const ended = await execa('unshare', [...argv, 'sh', folder], {
    reject: false,
    input,
    timeout: 60_000,
    stripFinalNewline: false,
    env: { LC_ALL: 'C' },
  });
  return { code: ended.exitCode ?? -1, out: String(ended.stdout), err: String(ended.stderr) };
}
