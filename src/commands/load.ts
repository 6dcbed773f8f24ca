/**
 * One command by its name, loaded alone: what a program that runs one command and ends starts
 * from. The same commands as in index.ts; its test compares the two.
 */
import type { Command } from './environment.ts';

const usual = () => import('./os/usual.ts');
const mkfs = () => import('./os/mkfs.ts');
const signatures = () => import('./os/signatures.ts');
const grow = () => import('./os/grow.ts');
const lvm = () => import('./os/lvm.ts');
const memory = () => import('./os/memory.ts');
const modules = () => import('./os/modules.ts');
const ip = () => import('./os/ip.ts');
const mount = () => import('./os/mount.ts');
const copying = () => import('./os/copying.ts');
const searching = () => import('./os/searching.ts');
const shutdown = () => import('./os/shutdown.ts');

const LOADERS: Record<string, () => Promise<Command>> = {
  'clpbackup.sh': () => import('./clp/clpbackup.ts').then((file) => file.clpbackup),
  clpbwctrl: () => import('./clp/clpbwctrl.ts').then((file) => file.clpbwctrl),
  clpcfchk: () => import('./clp/clpcfchk.ts').then((file) => file.clpcfchk),
  clpcfctrl: () => import('./clp/clpcfctrl.ts').then((file) => file.clpcfctrl),
  clpcfget: () => import('./clp/clpcfget.ts').then((file) => file.clpcfget),
  clpcfset: () => import('./clp/clpcfset.ts').then((file) => file.clpcfset),
  clpcl: () => import('./clp/clpcl.ts').then((file) => file.clpcl),
  clpdown: () => import('./clp/clpdown.ts').then((file) => file.clpdown),
  clpecap: () => import('./clp/clpecap.ts').then((file) => file.clpecap),
  'clpfwctrl.sh': () => import('./clp/clpfwctrl.ts').then((file) => file.clpfwctrl),
  clpgrp: () => import('./clp/clpgrp.ts').then((file) => file.clpgrp),
  clphdctrl: () => import('./clp/clpmdctrl.ts').then((file) => file.clphdctrl),
  clphdinit: () => import('./clp/clpmdinit.ts').then((file) => file.clphdinit),
  clphdstat: () => import('./clp/clpmdstat.ts').then((file) => file.clphdstat),
  clplcnsc: () => import('./clp/clplcnsc.ts').then((file) => file.clplcnsc),
  clplogcc: () => import('./clp/clplogcc.ts').then((file) => file.clplogcc),
  clplogcmd: () => import('./clp/clplogcmd.ts').then((file) => file.clplogcmd),
  clpmdchng: () => import('./clp/clpmdchng.ts').then((file) => file.clpmdchng),
  clpmdctrl: () => import('./clp/clpmdctrl.ts').then((file) => file.clpmdctrl),
  clpmdinit: () => import('./clp/clpmdinit.ts').then((file) => file.clpmdinit),
  clpmdstat: () => import('./clp/clpmdstat.ts').then((file) => file.clpmdstat),
  clpmonctrl: () => import('./clp/clpmonctrl.ts').then((file) => file.clpmonctrl),
  'clprestore.sh': () => import('./clp/clprestore.ts').then((file) => file.clprestore),
  clpperfc: () => import('./clp/clpperfc.ts').then((file) => file.clpperfc),
  clpregctrl: () => import('./clp/clpregctrl.ts').then((file) => file.clpregctrl),
  clprexec: () => import('./clp/clprexec.ts').then((file) => file.clprexec),
  clproset: () => import('./clp/clproset.ts').then((file) => file.clproset),
  clptrnreq: () => import('./clp/clptrnreq.ts').then((file) => file.clptrnreq),
  clprsc: () => import('./clp/clprsc.ts').then((file) => file.clprsc),
  clpstat: () => import('./clp/clpstat.ts').then((file) => file.clpstat),
  clpstdn: () => import('./clp/clpstdn.ts').then((file) => file.clpstdn),
  'clpsvcctrl.sh': () => import('./clp/clpsvcctrl.ts').then((file) => file.clpsvcctrl),
  clptoratio: () => import('./clp/clptoratio.ts').then((file) => file.clptoratio),
  blockdev: () => mount().then((file) => file.blockdev),
  cat: () => usual().then((file) => file.cat),
  chkconfig: () => import('./os/chkconfig.ts').then((file) => file.chkconfig),
  cp: () => copying().then((file) => file.cp),
  date: () => import('./os/date.ts').then((file) => file.date),
  dd: () => import('./os/dd.ts').then((file) => file.dd),
  echo: () => usual().then((file) => file.echo),
  fdisk: () => import('./os/fdisk.ts').then((file) => file.fdisk),
  find: () => searching().then((file) => file.find),
  grep: () => searching().then((file) => file.grep),
  hostname: () => import('./os/hostname.ts').then((file) => file.hostname),
  ls: () => usual().then((file) => file.ls),
  mount: () => mount().then((file) => file.mount),
  false: () => usual().then((file) => file.no),
  reboot: () => shutdown().then((file) => file.reboot),
  shutdown: () => shutdown().then((file) => file.shutdown),
  sleep: () => usual().then((file) => file.sleep),
  scp: () => copying().then((file) => file.scp),
  'site-run': () => import('./os/site-run.ts').then((file) => file.siteRun),
  sync: () => usual().then((file) => file.sync),
  systemctl: () => import('./os/systemctl.ts').then((file) => file.systemctl),
  tar: () => import('./os/tar.ts').then((file) => file.tar),
  umount: () => mount().then((file) => file.umount),
  df: () => import('./os/df.ts').then((file) => file.df),
  ethtool: () => import('./os/ethtool.ts').then((file) => file.ethtool),
  ifconfig: () => ip().then((file) => file.ifconfig),
  ip: () => ip().then((file) => file.ip),
  free: () => memory().then((file) => file.free),
  top: () => memory().then((file) => file.top),
  insmod: () => modules().then((file) => file.insmod),
  lsmod: () => modules().then((file) => file.lsmod),
  rmmod: () => modules().then((file) => file.rmmod),
  openssl: () => import('./os/openssl.ts').then((file) => file.openssl),
  ping: () => import('./os/ping.ts').then((file) => file.ping),
  ps: () => import('./os/ps.ts').then((file) => file.ps),
  rpm: () => import('./os/rpm.ts').then((file) => file.rpm),
  mkfs: () => mkfs().then((file) => file.mkfs),
  'mkfs.ext2': () => mkfs().then((file) => file.mkfsExt2),
  'mkfs.ext3': () => mkfs().then((file) => file.mkfsExt3),
  'mkfs.ext4': () => mkfs().then((file) => file.mkfsExt4),
  'mkfs.xfs': () => mkfs().then((file) => file.mkfsXfs),
  blkid: () => signatures().then((file) => file.blkid),
  wipefs: () => signatures().then((file) => file.wipefs),
  resize2fs: () => grow().then((file) => file.resize2fs),
  xfs_growfs: () => grow().then((file) => file.xfsGrowfs),
  e2fsck: () => grow().then((file) => file.e2fsck),
  dumpe2fs: () => grow().then((file) => file.dumpe2fs),
  sfdisk: () => import('./os/sfdisk.ts').then((file) => file.sfdisk),
  fuser: () => import('./os/fuser.ts').then((file) => file.fuser),
  dig: () => import('./os/names.ts').then((file) => file.dig),
  nslookup: () => import('./os/names.ts').then((file) => file.nslookup),
  pvs: () => lvm().then((file) => file.pvs),
  vgs: () => lvm().then((file) => file.vgs),
  lvs: () => lvm().then((file) => file.lvs),
  lvextend: () => lvm().then((file) => file.lvextend),
  true: () => usual().then((file) => file.yes),
};

/** Every name that `loadCommand` knows. */
export const commandNames: readonly string[] = Object.keys(LOADERS);

/** null: there is no such command. */
export function loadCommand(name: string): Promise<Command> | null {
  return Object.hasOwn(LOADERS, name) ? (LOADERS[name]?.() ?? null) : null;
}
