/** Which arguments of which command may change something: what the gate is asked about. */
import test from 'ava';
import { commands } from '../../src/commands/index.ts';

const looks: Record<string, string[]> = {
  clpstat: ['', '-g', '--sv server1 --detail', '--no-such-option'],
  clpmdstat: ['--mirror md1', '--list', '--no-such-option'],
  clphdstat: ['--mirror hd1', '--list'],
  clpgrp: ['-n failover1', '--help'],
  clprsc: ['-n exec1'],
  clpmdctrl: ['--getreplace md1', '--rwait md1', '--rwait -timeout 5 md1'],
  clplcnsc: ['-l'],
  clpperfc: ['-m userw', '-g failover1'],
  clpregctrl: ['--get', '-g'],
  clproset: ['-d /dev/sdb2'],
  clphdctrl: ['--getreplace hd1'],
  clpcfctrl: ['--pull -l', '--pull -x /tmp'],
  clptoratio: ['-s'],
  clpcl: ['--help'],
  mount: [''],
  blockdev: ['--getro /dev/sdb1'],
  chkconfig: ['--list', '--list clusterpro'],
  fdisk: ['-l', '-l /dev/sdb'],
  systemctl: [
    'is-active clusterpro',
    'is-enabled clusterpro',
    'status clusterpro',
    'show clusterpro',
  ],
  tar: ['-tf /backup', 'tvf /backup'],
  blkid: ['', '-p /dev/sdb1'],
  dig: ['any +time=3 vhost'],
  nslookup: ['-timeout=3 vhost'],
  lvs: ['--units b'],
  pvs: [''],
  vgs: ['--reportformat json'],
  dumpe2fs: ['-h /dev/sdb2'],
  e2fsck: ['-n /dev/sdb2'],
  fuser: ['-m /mnt'],
  sfdisk: ['-d /dev/sdb', '-l /dev/sdb'],
  wipefs: ['/dev/sdb1'],
  clpcfchk: [''],
  clpecap: ['-t 20260131235959 -m rc -e 32 -n exec1'],
  clplogcc: ['', '-t type5 -o /tmp'],
  clplogcmd: ['-m words --alert'],
  clpcfget: ['-g /root/cluster/name'],
  clpcfset: ['add clsparam cluster/comment a'],
  df: ['', '-h /opt'],
  ethtool: ['eth0'],
  free: ['-m'],
  ifconfig: [''],
  ip: ['addr', '-o addr show'],
  lsmod: [''],
  openssl: ['rand 32'],
  ping: ['-c 1 10.0.0.2'],
  ps: ['-ef'],
  rpm: ['-q expresscls', '-qi expresscls'],
  top: ['-b -n 1'],
  cat: ['/etc/hosts'],
  grep: ['-E one /etc/hosts'],
  find: ['/etc', '/key -size 32c'],
  ls: ['', '/'],
  echo: ['words'],
  date: [''],
  hostname: [''],
  sync: [''],
  sleep: ['1'],
  true: [''],
  false: [''],
};

const changes: Record<string, string[]> = {
  'clpbackup.sh': ['--pre', '--post --online'],
  clpbwctrl: ['-c'],
  clplcnsc: ['-i /tmp/key'],
  clprexec: ['--script ok.sh -h server2', '--failover -h server2'],
  clptrnreq: ['-t EXEC_SCRIPT -h server2 -s ok.sh'],
  'clpfwctrl.sh': ['--add', '--remove'],
  clproset: ['-w -d /dev/sdb2', '-o -a'],
  clpcl: ['-s -a', '-t', '-r', '--suspend', '–resume', '--no-such-option', ''],
  clpcfctrl: ['--push -l', '--push --pull -w -l --what'],
  clpdown: ['', '-r'],
  clpgrp: ['-s', '-t failover1', '-m failover1 -a server2', '-s --what'],
  clpmdchng: ['--execute /dev/sdb'],
  clpmdctrl: [
    '--active md1',
    '--force server1 md1',
    '-r md1',
    '--rwait -rcancel md1',
    '--verify md1',
    '--setreplace md1',
    '--resize 1G md1',
    'md1',
  ],
  clpmdinit: ['--create normal md1'],
  clphdinit: ['--create normal hd1'],
  clphdctrl: ['--active hd1', '--recovery hd1'],
  clpmonctrl: ['-s', '-r -m mdw1'],
  'clprestore.sh': ['--pre'],
  clprsc: ['-s exec1', '-t exec1'],
  clpstdn: ['', '-r'],
  'clpsvcctrl.sh': ['--enable -a', '--disable md'],
  clpregctrl: ['--clear -t rc -r haltcount'],
  clptoratio: ['-i', '-r 3 -t 1h'],
  mount: ['/dev/sdb2 /mnt', '-r /dev/sdb2 /mnt'],
  umount: ['/mnt'],
  blockdev: ['--setro /dev/sdb1', '--setrw /dev/sdb1', ''],
  chkconfig: ['--add clusterpro', '--del clusterpro', 'clusterpro off'],
  dd: ['if=/dev/sdb2 of=/copy'],
  fdisk: ['/dev/sdb'],
  reboot: [''],
  shutdown: ['-h now', '-r now'],
  systemctl: ['stop clusterpro', 'enable clusterpro_md', ''],
  tar: ['-cf /backup /mnt'],
  e2fsck: ['-f -p /dev/sdb2'],
  fuser: ['-M -k -m /mnt'],
  lvextend: ['-L 32M vg1/data'],
  mkfs: ['-t ext3 /dev/NMP1'],
  'mkfs.ext2': ['/dev/sdb2'],
  'mkfs.ext3': ['/dev/sdb2'],
  'mkfs.ext4': ['/dev/sdb2'],
  'mkfs.xfs': ['-f /dev/sdb2'],
  resize2fs: ['-p /dev/NMP1'],
  sfdisk: ['-q /dev/sdb'],
  wipefs: ['-a /dev/sdb1'],
  xfs_growfs: ['/mnt'],
  insmod: ['softdog.o'],
  cp: ['-p /key /key.before'],
  'site-run': ['drain-web', '-w 60 drain-web now', ''],
  scp: ['-B -p server2:/key /key'],
  find: ['/opt/nec/clusterpro/log -mindepth 1 -delete'],
  openssl: ['rand -out /key 32'],
  rmmod: ['softdog'],
  rpm: ['-e expresscls', '-i /expresscls.rpm', ''],
};

const argsOf = (line: string) => line.split(' ').filter((word) => word !== '');

test('Every command says what of it changes something', (t) => {
  const told = new Set([...Object.keys(looks), ...Object.keys(changes)]);
  t.deepEqual(
    [...commands.keys()].filter((name) => !told.has(name)),
    [],
  );
  for (const [name, command] of commands) t.is(typeof command.traits, 'function', name);
});

for (const [name, lines] of Object.entries(looks)) {
  for (const line of lines) {
    test(`${name} ${line} only looks`, (t) => {
      t.false(commands.get(name)?.traits(argsOf(line)).changes);
    });
  }
}

for (const [name, lines] of Object.entries(changes)) {
  for (const line of lines) {
    test(`${name} ${line} may change something`, (t) => {
      t.true(commands.get(name)?.traits(argsOf(line)).changes);
    });
  }
}
