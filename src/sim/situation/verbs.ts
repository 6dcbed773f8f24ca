/**
 * The words of a situation: how a cluster at rest comes where a runbook is for it. Runbooks
 * (`situations:`), `--given` and scenarios speak so. Besides the faults of `lab fault`
 * (host/faults.ts):
 *
 *     lose NET A B SHARE                 share of the datagrams that get lost, 0 to 1
 *     write MIRROR SERVER [FIRST COUNT] [unflushed]   4 KiB blocks; SERVER `active`: whichever serves
 *     exec SERVER COMMAND … [<< PROMPT=REPLY]…
 *     begin exec|write …                 goes on meanwhile; how it ends is nobody's concern
 *     script SERVER PATH CODE|hangs|ok   how a script ends
 *     pull-cable|plug-cable SERVER NET   out of its own interface
 *     change-address SERVER INTERFACE ADDRESS/BITS   in its operating system, for good
 *     replace-disk|add-disk SERVER DEVICE
 *     take-image SERVER NAME [system] | restore-image SERVER NAME    of all its disks, beside it
 *     insert-medium SERVER LABEL | remove-medium SERVER
 *     forget MIRROR                      an operator gave up what was written
 *     disagree MIRROR                    neither copy can be proved to be the newer one
 *     wait CONDITION                     an expression of the runbooks' language
 *     advance MS | rest
 *
 * The whole of a line is read, and held to the cluster's configuration, before anything is done.
 */
import { mirrorsOf } from '../../config/index.ts';
import { badInput } from '../../core/errors.ts';
import { suggestion } from '../../core/nearest.ts';
import { FAULT_WORDS, faultForm, readFault } from '../../host/faults.ts';
import { checkTypes, evaluateCondition } from '../../runbook/language/expressions/expressions.ts';
import type { ClusterConfiguration } from '../../schema/generated/cluster-configuration.ts';
import type { PhysicalAct } from '../../schema/generated/physical-act.ts';
import type { Status } from '../../schema/generated/status.ts';
import type { Twin } from '../twin.ts';
import { disagreeing } from './disagree.ts';
import { type Begun, beginning, executed, writing } from './doing.ts';

export interface Outcome {
  /** What a person would see of it; empty for what only happens. */
  said: string;
  /** It did not do what it was to: why. */
  failed?: string;
  /** The cluster is another one now. */
  twin?: Twin;
  /** It goes on. */
  begun?: Begun;
}

export type SituationAct = (twin: Twin) => Promise<Outcome>;

interface Verb {
  form: string;
  read(words: readonly string[], config: ClusterConfiguration): SituationAct;
}

const WAIT_LIMIT_MS = 120_000;
const MOST_MS = 30 * 24 * 3600_000;
const DONE: Outcome = { said: '' };

/** The words of a line, each taken once and held to what it may be. */
class Words {
  readonly #words: readonly string[];
  readonly #config: ClusterConfiguration;
  readonly #form: string;
  #at = 0;

  constructor(words: readonly string[], config: ClusterConfiguration, form: string) {
    this.#words = words;
    this.#config = config;
    this.#form = form;
  }

  wrong(message: string): Error {
    return badInput(message, { code: 'usage', remedy: `write \`${this.#form}\`` });
  }

  optional(): string | undefined {
    const word = this.#words[this.#at];
    this.#at += 1;
    return word;
  }

  text(what: string): string {
    const word = this.optional();
    if (word === undefined) throw this.wrong(`${what} is missing`);
    return word;
  }

  server(besides: readonly string[] = []): string {
    const names = this.#config.servers.map(({ name }) => name);
    return this.#known('server', [...names, ...besides]);
  }

  mirror(): string {
    return this.#known(
      'mirror',
      mirrorsOf(this.#config).map(({ name }) => name),
    );
  }

  number(what: string, { otherwise, most = MOST_MS }: { otherwise?: number; most?: number } = {}) {
    const word = this.optional();
    if (word === undefined && otherwise !== undefined) return otherwise;
    const value = word !== undefined && /^\d+(\.\d+)?$/.test(word) ? Number(word) : Number.NaN;
    if (value <= most) return value;
    throw this.wrong(`${what} must be a number of at most ${most}, not '${word ?? ''}'`);
  }

  end(): void {
    const word = this.optional();
    if (word !== undefined) throw this.wrong(`'${word}' is one word too many`);
  }

  #known(what: string, names: readonly string[]): string {
    const word = this.text(`the ${what}`);
    if (names.includes(word)) return word;
    throw badInput(`there is no ${what} '${word}' in this cluster`, {
      code: `${what}.unknown`,
      remedy: suggestion(word, names),
    });
  }
}

const verb = (form: string, read: (words: Words) => SituationAct): [string, Verb] => [
  form.split(' ')[0] as string,
  { form, read: (words, config) => read(new Words(words, config, form)) },
];

const physical = (form: string, actOf: (words: Words) => PhysicalAct) =>
  verb(form, (words) => {
    const act = actOf(words);
    words.end();
    return async (twin) => {
      const outcome = await twin.run(twin.operator().perform(act, ''));
      return outcome.done ? DONE : { said: `${outcome.why}\n`, failed: String(outcome.why) };
    };
  });

const faults: [string, Verb][] = FAULT_WORDS.map((word) => [
  word,
  {
    form: faultForm(word),
    read: (words, config) => {
      const fault = readFault([word, ...words], config);
      return async (twin) => {
        const acting = twin.faults.apply(fault);
        if (acting) await twin.run(acting);
        return DONE;
      };
    },
  },
]);

function holds(expression: string, status: Status): boolean {
  const scope = { status, names: {}, before: {}, chosen: {} };
  const result = evaluateCondition(expression, scope);
  return 'value' in result && result.value;
}

/** What of the words is a condition: all of them, as they were written. */
function waitFor(words: readonly string[]): SituationAct {
  const expression = words.join(' ');
  const [problem] = checkTypes(expression, {}).problems;
  if (problem) {
    const { message, remedy } = problem;
    throw badInput(message, { code: 'expression', ...(remedy ? { remedy } : {}) });
  }
  return async (twin) => {
    await twin.until(expression, (status) => holds(expression, status), WAIT_LIMIT_MS);
    return DONE;
  };
}

const SCRIPT = 'script SERVER PATH CODE|hangs|ok';

function readScript(words: Words): SituationAct {
  const key = `${words.server()} ${words.text('a path')}`;
  const how = words.text('a code, hangs or ok');
  words.end();
  if (how !== 'ok' && how !== 'hangs' && !/^\d{1,3}$/.test(how)) {
    throw words.wrong(`a script ends with a code, hangs, or is ok, not '${how}'`);
  }
  return async ({ scripts }) => {
    if (how === 'ok') scripts.faults.delete(key);
    else scripts.faults.set(key, how === 'hangs' ? { hangs: true } : { code: Number(how) });
    return DONE;
  };
}

/** `written` is read now, and `command` as a person would type it. */
const plain = (form: string, read: Verb['read']): [string, Verb] => [
  form.split(' ')[0] as string,
  { form, read },
];

const WRITE = 'write MIRROR SERVER [FIRST COUNT] [unflushed]';

function readWrite(given: readonly string[], config: ClusterConfiguration) {
  const words = new Words(given, config, WRITE);
  const wish = {
    mirror: words.mirror(),
    server: words.server(['active']),
    first: words.number('the first block', { otherwise: 0 }),
    count: words.number('the number of blocks', { otherwise: 1, most: 65_536 }),
  };
  const isDurable = words.optional() !== 'unflushed';
  words.end();
  return (twin: Twin) => writing(twin, { ...wish, isDurable });
}

const EXEC = 'exec SERVER COMMAND … [<< PROMPT=REPLY]…';

function readExec(given: readonly string[], config: ClusterConfiguration) {
  const words = new Words(given, config, EXEC);
  const server = words.server();
  words.text('a command');
  return { server, typed: given.slice(1).join(' ') };
}

const BEGIN = 'begin exec|write …';

function readBegin([what, ...rest]: readonly string[], config: ClusterConfiguration): SituationAct {
  if (what === 'write') {
    const write = readWrite(rest, config);
    return async (twin) => ({ said: '', begun: beginning(what, write(twin)) });
  }
  if (what === 'exec') {
    const order = readExec(rest, config);
    return async (twin) => ({ said: '', begun: beginning(what, executed(twin, order)) });
  }
  throw badInput(`nobody can begin ${what ?? 'nothing'}`, {
    code: 'usage',
    remedy: `write \`${BEGIN}\``,
  });
}

export const SITUATION_VERBS: ReadonlyMap<string, Verb> = new Map<string, Verb>([
  ...faults,
  verb('lose NET A B SHARE', (words) => {
    const [net, from, to] = [words.text('a net'), words.text('an end'), words.text('an end')];
    const share = words.number('the share', { most: 1 });
    words.end();
    return async (twin) => {
      twin.faults.lose(net, from, to, share);
      return DONE;
    };
  }),
  plain(WRITE, (given, config) => {
    const write = readWrite(given, config);
    return async (twin) => {
      const { acknowledged, failed, why } = await twin.run(write(twin));
      const said = `${acknowledged} acknowledged, ${failed} failed${why === null ? '' : `: ${why}`}\n`;
      return { said };
    };
  }),
  plain(EXEC, (given, config) => {
    const order = readExec(given, config);
    return async (twin) => {
      const { stdout, stderr, state, exitCode } = await twin.run(executed(twin, order));
      const output = `${stdout}${stderr}`;
      const end = state === 'exited' ? `exit ${exitCode}` : state;
      const said = `${output}${output === '' || output.endsWith('\n') ? '' : '\n'}${end}\n`;
      return exitCode === 0 ? { said } : { said, failed: said.trim().split('\n').join('; ') };
    };
  }),
  plain(BEGIN, readBegin),
  verb(SCRIPT, readScript),
  physical('pull-cable SERVER NET', (words) => ({
    act: 'pullCable',
    server: words.server(),
    net: words.text('a net'),
  })),
  physical('plug-cable SERVER NET', (words) => ({
    act: 'plugCable',
    server: words.server(),
    net: words.text('a net'),
  })),
  physical('replace-disk SERVER DEVICE', (words) => ({
    act: 'replaceDisk',
    server: words.server(),
    device: words.text('a device'),
  })),
  physical('add-disk SERVER DEVICE', (words) => ({
    act: 'addDisk',
    server: words.server(),
    device: words.text('a device'),
  })),
  physical('change-address SERVER INTERFACE ADDRESS/BITS', (words) => ({
    act: 'changeAddress',
    server: words.server(),
    interface: words.text('an interface'),
    address: words.text('an address'),
  })),
  physical('take-image SERVER NAME [system]', (words) => ({
    act: 'takeDiskImage',
    server: words.server(),
    image: words.text('a name'),
    system: words.optional() === 'system',
  })),
  physical('restore-image SERVER NAME', (words) => ({
    act: 'restoreDiskImage',
    server: words.server(),
    image: words.text('a name'),
  })),
  physical('insert-medium SERVER LABEL', (words) => ({
    act: 'insertMedium',
    server: words.server(),
    medium: words.text('a label'),
  })),
  physical('remove-medium SERVER', (words) => ({ act: 'removeMedium', server: words.server() })),
  verb('forget MIRROR', (words) => {
    const mirror = words.mirror();
    words.end();
    return async ({ io }) => {
      io.forget(mirror);
      return DONE;
    };
  }),
  verb('disagree MIRROR', (words) => {
    const mirror = words.mirror();
    words.end();
    return async (twin) => ({ said: '', twin: await disagreeing(twin, mirror) });
  }),
  plain('wait CONDITION', waitFor),
  verb('advance MS', (words) => {
    const ms = words.number('milliseconds');
    words.end();
    return async (twin) => {
      await twin.advance(ms);
      return DONE;
    };
  }),
  verb('rest', (words) => {
    words.end();
    return async (twin) => {
      await twin.atRest();
      return DONE;
    };
  }),
]);
