/**
 * The operating system's commands that a server of lab and twin provides. There are no others: a
 * program that is not here or among the clp* commands does not exist on such a server.
 */
import type { Command } from '../environment.ts';
import { chkconfig } from './chkconfig.ts';
import { dd } from './dd.ts';
import { fdisk } from './fdisk.ts';
import { blockdev, mount, umount } from './mount.ts';
import { reboot, shutdown } from './shutdown.ts';
import { cat, date, echo, hostname, ls, no, sleep, sync, yes } from './small.ts';
import { systemctl } from './systemctl.ts';
import { tar } from './tar.ts';

export const osCommands: Command[] = [
  blockdev,
  cat,
  chkconfig,
  date,
  dd,
  echo,
  fdisk,
  hostname,
  ls,
  mount,
  no,
  reboot,
  shutdown,
  sleep,
  sync,
  systemctl,
  tar,
  umount,
  yes,
];
