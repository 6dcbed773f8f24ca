/** A VxVM disk group (v3 12.4.6). */
import { volumesOf } from '../outside.ts';
import { volumes } from './volumes.ts';

export const vxdg = volumes('vxdg', (resource) => ({
  activate: `vxdg import ${volumesOf(resource)}`,
  deactivate: `vxdg deport ${volumesOf(resource)}`,
}));
