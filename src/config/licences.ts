/**
 * Licences of the product, as a lab holds them: files of our own making, for the vendor's keys are
 * none of ours. A file holds one or more blocks of `key=value` lines with an empty line between:
 *
 *     product=SE30          kind=product | trial | fixed          serial=A0000001
 *     count=2               from=2026-01-01                       until=2026-12-31
 *
 * `count` is for how many servers it is, in v3 for how many CPUs (11.1); `from` and `until` are whole days (UTC), and a product
 * version has none. Products are SE30, XE30, LE30 and FSO30 in v3 (ch. 4). In the X series they are
 * BASE and, where there are mirrors, REPL with the two numbers of the version (BASE33, REPL33); that
 * these follow the file's version is our choice, and that a server counts once.
 */
import { badInput } from '../core/errors.ts';
import { messageOf } from '../messages/index.ts';
import type { ClusterConfiguration } from '../schema/generated/cluster-configuration.ts';
import type { MessageTemplate } from '../schema/generated/raised-messages.ts';
import { mirrorsOf } from './kinds.ts';

export interface Licence {
  product: string;
  kind: 'product' | 'trial' | 'fixed';
  serial: string;
  count: number;
  /** `2026-12-31`; '': there is no such end. */
  from: string;
  until: string;
}

/** What is to be said of a product: a message of the catalogue, and what it names. */
export type LicenceVerdict =
  | { key: 'licenceCount' | 'licenceShort'; args: [count: number, product: string] }
  | { key: 'licenceTrial' | 'licenceEnded' | 'licenceEarly'; args: [day: string, product: string] }
  | { key: 'licenceFixed' | 'licenceFixedEnded'; args: [day: string, product: string] }
  | { key: 'licenceNone'; args: [product: string] };

/** v3 knows no licence of a fixed term: it says of one what it says of a trial. */
const IN_V3 = { licenceFixed: 'licenceTrial', licenceFixedEnded: 'licenceEnded' } as const;

/** An option of v3, of which its mirror agent speaks (mdadmn 8 to 15). */
const OPTION = 'FSO30';
const OF_OPTION = {
  licenceCount: 'fastSyncCount',
  licenceShort: 'fastSyncShort',
  licenceTrial: 'fastSyncTrial',
  licenceEnded: 'fastSyncEnded',
  licenceEarly: 'fastSyncEarly',
} as const;

/** A verdict in the words of the cluster's generation. */
export function wordsOfVerdict(
  manual: ClusterConfiguration['manual'],
  { key, args }: LicenceVerdict,
): MessageTemplate {
  if (manual === 'x5') return messageOf('x5', key, ...(args as [never, never]));
  const known = key === 'licenceFixed' || key === 'licenceFixedEnded' ? IN_V3[key] : key;
  const spoken = args.at(-1) === OPTION && known !== 'licenceNone' ? OF_OPTION[known] : known;
  return messageOf('v3', spoken, ...(args as [never, never]));
}

const KEYS = ['product', 'kind', 'serial', 'count', 'from', 'until'];
const MOST = 1000;

function wrong(file: string, line: number, message: string, remedy: string) {
  return badInput(message, { code: 'licence.invalid', place: { file, line }, remedy });
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

function licenceOf(said: ReadonlyMap<string, string>, file: string, line: number): Licence {
  const {
    product = '',
    kind = 'product',
    serial = '',
    count = '1',
    from = '',
    until = '',
  } = Object.fromEntries(said);
  if (!/^[A-Z]{2,8}\d{2}$/.test(product)) {
    throw wrong(file, line, `${JSON.stringify(product)} is no product`, 'give e.g. product=SE30');
  }
  if (kind !== 'product' && kind !== 'trial' && kind !== 'fixed') {
    throw wrong(file, line, `${kind} is no kind`, 'give kind=product, trial or fixed');
  }
  if (!/^[A-Z0-9]{1,32}$/.test(serial)) {
    throw wrong(file, line, 'a licence has no serial number', 'give e.g. serial=A0000001');
  }
  if (!/^[1-9]\d{0,4}$/.test(count)) {
    throw wrong(file, line, `${count} is no number of servers`, 'give e.g. count=2');
  }
  const days = [from, until].filter((day) => day !== '');
  const odd = days.find((day) => !isDay(day));
  if (odd !== undefined) throw wrong(file, line, `${odd} is no day`, 'give e.g. 2026-12-31');
  if (kind !== 'product' && until === '') {
    throw wrong(file, line, `a ${kind} licence does not say when it ends`, 'give until=…');
  }
  return { product, kind, serial, count: Number(count), from, until };
}

/** Throws badInput with file and line. */
export function parseLicences(text: string, file: string): Licence[] {
  const found: Licence[] = [];
  let said = new Map<string, string>();
  let since = 1;
  const lines = `${text}\n\n`.split(/\r?\n/);
  for (const [at, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '' && said.size > 0) {
      found.push(licenceOf(said, file, since));
      said = new Map();
    }
    if (line === '' || line.startsWith('#')) continue;
    const [, key = '', value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (!KEYS.includes(key) || said.has(key)) {
      throw wrong(
        file,
        at + 1,
        `${JSON.stringify(line.slice(0, 80))} is no line of a licence`,
        `keys: ${KEYS.join(', ')}, each once`,
      );
    }
    if (said.size === 0) since = at + 1;
    said.set(key, value);
    if (found.length > MOST)
      throw wrong(file, at + 1, `more than ${MOST} licences`, 'take some out');
  }
  return found;
}

export function writeLicences(licences: readonly Licence[]): string {
  return licences
    .map((licence) =>
      Object.entries(licence)
        .filter(([, value]) => value !== '')
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    )
    .join('\n');
}

/** The products that a cluster runs with, the one it cannot do without first. */
export function productsOf(config: ClusterConfiguration): string[] {
  if (config.manual === 'v3') return [`${config.edition}30`];
  const [, major = '5', minor = '2'] = /^(\d+)\.(\d)/.exec(config.version ?? '') ?? [];
  const names = mirrorsOf(config).length > 0 ? ['BASE', 'REPL'] : ['BASE'];
  return names.map((name) => `${name}${major}${minor}`);
}

/** Options that are licensed apart, of which somebody registered something. */
export function optionsOf(
  { manual }: Pick<ClusterConfiguration, 'manual'>,
  licences: readonly Licence[],
): string[] {
  return manual === 'v3' && licences.some(({ product }) => product === OPTION) ? [OPTION] : [];
}

/** For how much a cluster needs licences: v3 counts CPUs, X servers. */
export function countedFor({ manual, servers }: ClusterConfiguration): number {
  if (manual !== 'v3') return servers.length;
  return servers.reduce((sum, { cpus = 1 }) => sum + cpus, 0);
}

const shown = (day: string) => day.replaceAll('-', '/');

function ofTimed({ kind, until }: Licence, product: string): LicenceVerdict {
  return { key: kind === 'fixed' ? 'licenceFixed' : 'licenceTrial', args: [shown(until), product] };
}

function ofEnded({ kind, until }: Licence, product: string): LicenceVerdict {
  const key = kind === 'fixed' ? 'licenceFixedEnded' : 'licenceEnded';
  return { key, args: [shown(until), product] };
}

/**
 * What holds of a product now, and whether it may run: one licence that is valid today is enough,
 * and too few of them are a warning. `now`: ms since the epoch; `needed`: as countedFor says.
 */
export function judgeLicences(
  product: string,
  licences: readonly Licence[],
  { now, needed }: { now: number; needed: number },
): { isValid: boolean; verdicts: LicenceVerdict[] } {
  const today = new Date(now).toISOString().slice(0, 10);
  const own = licences.filter((one) => one.product === product);
  const begun = own.filter(({ from }) => from === '' || from <= today);
  const valid = begun.filter(({ until }) => until === '' || today <= until);
  const last = (list: readonly Licence[]) =>
    [...list].sort((a, b) => a.until.localeCompare(b.until)).at(-1);
  if (valid.length === 0) {
    const ended = last(begun);
    if (ended !== undefined) return { isValid: false, verdicts: [ofEnded(ended, product)] };
    const [early] = [...own].sort((a, b) => a.from.localeCompare(b.from));
    if (early === undefined)
      return { isValid: false, verdicts: [{ key: 'licenceNone', args: [product] }] };
    return {
      isValid: false,
      verdicts: [{ key: 'licenceEarly', args: [shown(early.from), product] }],
    };
  }
  const lasting = valid.filter(({ kind }) => kind === 'product');
  const timed = last(valid.filter(({ kind }) => kind !== 'product'));
  const count = valid.reduce((sum, one) => sum + one.count, 0);
  const verdicts: LicenceVerdict[] = [];
  if (lasting.length > 0) verdicts.push({ key: 'licenceCount', args: [count, product] });
  else if (timed !== undefined) verdicts.push(ofTimed(timed, product));
  if (count < needed) verdicts.push({ key: 'licenceShort', args: [needed - count, product] });
  return { isValid: true, verdicts };
}
