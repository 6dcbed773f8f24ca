/**
 * clplcnsc: registers licences, lists them, takes them out, and hands them to the other servers.
 *
 * Known: -i FILE…, -l -p PRODUCT, -d, --distribute, --reregister FOLDER (v3 4, 11.1; x5 2.15). Our
 * choice: the form of the files (src/config/licences.ts) and where they are kept; that -i takes
 * files from where it was called; that -d takes out those of a product, or all; that --reregister
 * reads every *.key file of a folder in the place of what is registered; what -l prints, which ends
 * with what the cluster's log says of the product. -I is how v3 prints both -i and -l.
 */
import {
  countedFor,
  judgeLicences,
  type Licence,
  parseLicences,
  productsOf,
  wordsOfVerdict,
  writeLicences,
} from '../../config/index.ts';
import { LICENCE_PATH } from '../../core/paths.ts';
import { actsDone } from '../data.ts';
import { done, type Report } from '../environment.ts';
import { actsUnless, type Context, defineCommand, refused, request, SUCCEEDED } from './context.ts';
import { onEach, reportFor } from './each.ts';
import { fileAt } from './file-paths.ts';
import { atMost, type Given, modeOf, usageError } from './options.ts';

const OPTIONS = {
  install: { names: ['-i', '-I'], value: 'FILE' },
  list: { names: ['-l'] },
  product: { names: ['-p'], value: 'WORD' },
  delete: { names: ['-d'] },
  distribute: { names: ['--distribute'] },
  reregister: { names: ['--reregister'], value: 'FOLDER' },
};

async function registered({ env }: Context): Promise<Licence[]> {
  return parseLicences((await env.files.read(LICENCE_PATH)) ?? '', LICENCE_PATH);
}

function keep({ env }: Context, licences: readonly Licence[]): Promise<void> {
  return env.files.write(LICENCE_PATH, writeLicences(licences));
}

/** One serial number is registered once. */
function together(held: readonly Licence[], fresh: readonly Licence[]): Licence[] {
  const isNew = ({ product, serial }: Licence) =>
    !fresh.some((one) => one.product === product && one.serial === serial);
  return [...held.filter(isNew), ...fresh];
}

async function readFiles({ env }: Context, paths: readonly string[]): Promise<Licence[]> {
  const found: Licence[] = [];
  for (const given of paths) {
    const { files, path } = fileAt(env, given);
    const text = await files.read(path);
    if (text === null) throw refused(`there is no ${path}`, 'nothing was registered');
    const licences = parseLicences(text, path);
    if (licences.length === 0) throw refused(`${path} holds no licence`, 'nothing was registered');
    found.push(...licences);
  }
  return found;
}

function did({ env }: Context, act: string, name: string | null): Report {
  return done(SUCCEEDED, actsDone({ act, kind: 'licence', name, server: env.server }));
}

function shown({ serial, kind, count, from, until }: Licence): string {
  const days = [from, until].some(Boolean)
    ? `\n    Period    : ${from || '-'} to ${until || '-'}`
    : '';
  return `    Serial No : ${serial}\n    Type      : ${kind}\n    Number    : ${count}${days}\n`;
}

/** What is registered of a product, and what that means today. */
async function list(context: Context, given: Given): Promise<Report> {
  const { config, env } = context;
  const held = await registered(context);
  const products = given.has('product') ? given.values('product') : productsOf(config);
  const texts = products.map((product) => {
    const own = held.filter((one) => one.product === product);
    const about = { now: env.clock.now(), needed: countedFor(config) };
    const { verdicts } = judgeLicences(product, held, about);
    const said = verdicts.map((verdict) => {
      const { level, text } = wordsOfVerdict(config.manual, verdict);
      return `    ${level}: ${text}\n`;
    });
    return `  <${product}>\n${[...own.map(shown), ...said].join('')}`;
  });
  return done(texts.join(''));
}

/** To every other server; each keeps what it has of its own. */
async function distribute(context: Context): Promise<Report> {
  const { env, config, local } = context;
  const own = await registered(context);
  if (own.length === 0) throw refused(`no licence is registered on ${local}`);
  const others = config.servers.map(({ name }) => name).filter((name) => name !== local);
  const files = { do: 'files', path: LICENCE_PATH } as const;
  const outcomes = await onEach(others, async (server) => {
    const answer = await request(env, server, 'host', { ...files, op: 'read' });
    const { text } = answer as { text: string | null };
    const whole = together(parseLicences(text ?? '', `${server}:${LICENCE_PATH}`), own);
    await request(env, server, 'host', { ...files, op: 'write', text: writeLicences(whole) });
    return null;
  });
  return reportFor('Distribute', outcomes, { kind: 'licence' });
}

async function run(context: Context, given: Given): Promise<Report> {
  const modes = ['install', 'list', 'delete', 'distribute', 'reregister'] as const;
  const mode = modeOf(given, OPTIONS, modes);
  if (mode !== 'install') atMost(given, 0);
  const product = given.value('product');
  switch (mode) {
    case 'install': {
      const fresh = await readFiles(context, [...given.values('install'), ...given.rest]);
      const odd = fresh.find((one) => product !== undefined && one.product !== product);
      if (odd) throw refused(`licence ${odd.serial} is for ${odd.product}, not for ${product}`);
      await keep(context, together(await registered(context), fresh));
      return did(context, 'register', product ?? null);
    }
    case 'list':
      return list(context, given);
    case 'delete': {
      const held = await registered(context);
      const left = held.filter((one) => product !== undefined && one.product !== product);
      if (left.length === held.length)
        throw refused(`no licence of ${product ?? 'any product'} is registered`);
      await keep(context, left);
      return did(context, 'delete', product ?? null);
    }
    case 'distribute':
      return distribute(context);
    case 'reregister': {
      const folder = given.value('reregister') ?? '';
      const { files, path } = fileAt(context.env, folder);
      const names = (await files.list(path)).filter((name) => name.endsWith('.key'));
      if (names.length === 0) throw usageError(`there is no *.key file in ${path}`);
      const fresh = await readFiles(
        context,
        names.map((name) => `${folder}/${name}`),
      );
      await keep(context, fresh);
      return did(context, 'reregister', null);
    }
  }
}

export const clplcnsc = defineCommand(
  {
    name: 'clplcnsc',
    summary: 'Registers, lists and distributes licences',
    usage: [
      'clplcnsc -i FILE… [-p WORD]',
      'clplcnsc -l [-p WORD]',
      'clplcnsc -d [-p WORD]',
      'clplcnsc --distribute',
      'clplcnsc --reregister FOLDER',
    ],
    options: OPTIONS,
    traits: actsUnless('list'),
  },
  run,
);
