import type { Json } from '../../core/json.ts';
import type { MirrorDisk } from '../disk.ts';
import { isObject } from '../refused.ts';

/** The serial of the disk that holds the data partition, for people; the host knows it. */
export async function learnSerial(disk: MirrorDisk): Promise<void> {
  // A host that does not answer leaves it unknown.
  const view = await disk.ask('host', { do: 'status' }).catch(() => null);
  const disks = isObject(view) && isObject(view.disks) ? view.disks : {};
  const found = Object.entries(disks).find(([path]) => disk.p.dataDevice.startsWith(path));
  const known: Json | undefined = found?.[1];
  if (isObject(known)) disk.copy.noteSerial(String(known.serial));
}
