/** A volume group of the volume manager that its parameter `type` names: LVM where it names none. */
import { parameterOf } from '../../config/index.ts';
import { volumesOf } from '../outside.ts';
import { volumes } from './volumes.ts';

/** How each volume manager imports a group, and exports it. */
const COMMANDS: Record<string, [string, string]> = {
  lvm: ['vgchange -ay', 'vgchange -an'],
  vxvm: ['vxdg import', 'vxdg deport'],
  zfspool: ['zpool import', 'zpool export'],
};

export const volmgr = volumes('volmgr', (resource) => {
  const manager = String(parameterOf(resource, 'type'));
  const [bringIn, letGo] = COMMANDS[manager] ?? COMMANDS.lvm!;
  const name = volumesOf(resource);
  return { activate: `${bringIn} ${name}`, deactivate: `${letGo} ${name}` };
});
