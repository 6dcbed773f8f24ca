/**
 * Times as the mirror commands print them, `2004/03/04 17:30:05`. They are in UTC on every server
 * (our choice), so that two copies' stamps can be compared whatever the servers' time zones.
 */
export function stamp(ms: number): string {
  const [date = '', rest = ''] = new Date(ms).toISOString().split('T');
  return `${date.replaceAll('-', '/')} ${rest.slice(0, 8)}`;
}

/** `00:01:59`; hours grow past 99. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
