/** A partition table as fdisk prints it. */
export const SECTOR = 512;
/** Where the first partition starts. */
export const MIB_SECTORS = 2048;

export interface Table {
  device: string;
  serial: string;
  sizeBytes: number;
  label?: 'dos' | 'gpt';
  partitions: { number: number; offsetBytes: number; sizeBytes: number }[];
}

export function sizeOf(bytes: number): string {
  const units = ['B', 'K', 'M', 'G', 'T'];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number.isInteger(value) ? value : value.toFixed(1)}${units[unit]}`;
}

function nameOf(device: string, number: number): string {
  return /\d$/.test(device) ? `${device}p${number}` : `${device}${number}`;
}

export function holdsPartition({ device, partitions }: Table, path: string): boolean {
  return partitions.some(({ number }) => nameOf(device, number) === path);
}

/** A partition by itself: as large as it is, and no table on it. */
export function describePartition({ device, partitions }: Table, path: string): string {
  const part = partitions.find(({ number }) => nameOf(device, number) === path)!;
  const { sizeBytes } = part;
  const words = `${sizeOf(sizeBytes)}, ${sizeBytes} bytes, ${sizeBytes / SECTOR} sectors`;
  return `Disk ${path}: ${words}\nUnits: sectors of 1 * ${SECTOR} = ${SECTOR} bytes\n`;
}

export function describeTable({ device, serial, sizeBytes, partitions, label }: Table): string {
  const head = [
    `Disk ${device}: ${sizeOf(sizeBytes)}, ${sizeBytes} bytes, ${sizeBytes / SECTOR} sectors`,
    `Disklabel type: ${label ?? 'dos'}`,
    `Disk identifier: ${serial}`,
    `Units: sectors of 1 * ${SECTOR} = ${SECTOR} bytes`,
  ];
  if (partitions.length === 0) return `${head.join('\n')}\n`;
  const sorted = [...partitions].sort((a, b) => a.number - b.number);
  const rows = [
    ['Device', 'Start', 'End', 'Sectors', 'Size'],
    ...sorted.map((part) => {
      const start = part.offsetBytes / SECTOR;
      const sectors = part.sizeBytes / SECTOR;
      const numbers = [start, start + sectors - 1, sectors].map(String);
      return [nameOf(device, part.number), ...numbers, sizeOf(part.sizeBytes)];
    }),
  ];
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const lines = rows.map((row) => {
    const cells = row.slice(0, -1).map((cell, at) => {
      return at === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[at]!);
    });
    return `${cells.join(' ')} ${row.at(-1)} Linux`.replace('Size Linux', 'Size Type');
  });
  return `${[...head, '', ...lines].join('\n')}\n`;
}
