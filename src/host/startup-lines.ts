/**
 * What the syslog says as a service starts. v3 11.1 (8) and (9), spelt as there; x5 documents none:
 * our choice are the lines of systemd.
 */
import type { Generation } from '../messages/index.ts';
import type { ProgramLine } from './lines.ts';
import type { ServiceRow } from './service-table.ts';

type Line = Pick<ProgramLine, 'program' | 'text'>;

/** v3 8, as in the sample of 11.1 (9). */
const DRIVER_MAJOR = 218;

/** `mirrors`: how many mirror disks the server has. */
export function startupLines(
  manual: Generation,
  { name, title }: ServiceRow,
  mirrors: number,
): Line[] {
  if (manual === 'x5') return [{ program: 'systemd[1]', text: `Started ${name}.service.` }];
  const driver = `<init_module> registerd device at major ${DRIVER_MAJOR}, nmp count is ${mirrors}`;
  return [
    { program: name, text: `Starting ${title}:` },
    { program: name, text: '' },
    { program: 'rc', text: `Starting ${name}: succeeded` },
    ...(name === 'clusterpro_md' ? [{ program: 'kernel: liscal', text: driver }] : []),
  ];
}
