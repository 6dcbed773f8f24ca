/**
 * The operating system's commands that a server of lab and twin provides. There are no others: a
 * program that is not here or among the clp* commands does not exist on such a server.
 */
import type { Command } from '../environment.ts';
import { chkconfig } from './chkconfig.ts';
import { cp, scp } from './copying.ts';
import { date } from './date.ts';
import { dd } from './dd.ts';
import { df } from './df.ts';
import { ethtool } from './ethtool.ts';
import { fdisk } from './fdisk.ts';
import { fuser } from './fuser.ts';
import { dumpe2fs, e2fsck, resize2fs, xfsGrowfs } from './grow.ts';
import { hostname } from './hostname.ts';
import { ifconfig, ip } from './ip.ts';
import { lvextend, lvs, pvs, vgs } from './lvm.ts';
import { free, top } from './memory.ts';
import { mkfs, mkfsExt2, mkfsExt3, mkfsExt4, mkfsXfs } from './mkfs.ts';
import { insmod, lsmod, rmmod } from './modules.ts';
import { blockdev, mount, umount } from './mount.ts';
import { dig, nslookup } from './names.ts';
import { openssl } from './openssl.ts';
import { ping } from './ping.ts';
import { ps } from './ps.ts';
import { rpm } from './rpm.ts';
import { find, grep } from './searching.ts';
import { sfdisk } from './sfdisk.ts';
import { reboot, shutdown } from './shutdown.ts';
import { blkid, wipefs } from './signatures.ts';
import { siteRun } from './site-run.ts';
import { systemctl } from './systemctl.ts';
import { tar } from './tar.ts';
import { cat, echo, ls, no, sleep, sync, yes } from './usual.ts';

export const osCommands: Command[] = [
  blockdev,
  cat,
  chkconfig,
  cp,
  scp,
  find,
  grep,
  date,
  lvextend,
  lvs,
  pvs,
  vgs,
  dig,
  nslookup,
  dd,
  df,
  echo,
  ethtool,
  fdisk,
  free,
  hostname,
  ifconfig,
  insmod,
  ip,
  ls,
  lsmod,
  mount,
  no,
  openssl,
  ping,
  ps,
  reboot,
  rmmod,
  rpm,
  shutdown,
  sleep,
  siteRun,
  sync,
  systemctl,
  tar,
  top,
  umount,
  yes,
  mkfs,
  mkfsExt2,
  mkfsExt3,
  mkfsExt4,
  mkfsXfs,
  blkid,
  wipefs,
  resize2fs,
  xfsGrowfs,
  e2fsck,
  dumpe2fs,
  sfdisk,
  fuser,
];
