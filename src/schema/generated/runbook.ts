/* Generated from src/schema/runbook.schema.json by `npm run types`. */

/**
 * one string, split once by the loader before parameters are put in, or an argument array
 *
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "command".
 */
export type Command = string | [string, ...string[]];
/**
 * error: this is the trouble; warning: it may become one; look: a person has to compare; info: worth knowing
 *
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "severity".
 */
export type Severity = 'error' | 'warning' | 'look' | 'info';

/**
 * One documented maintenance procedure. Expressions are CEL; {x} in a text is a parameter, a role or an expression, bound when planned; each stays one argument.
 */
export interface Runbook {
  /**
   * as in runbooks/procedures.tsv; of a part, part-…; of a house runbook, any that no manual has
   */
  id: string;
  /**
   * what it does, as an order: "Replace a mirror disk"
   */
  title: string;
  /**
   * where it is documented
   */
  source?: {
    /**
     * ExpressCluster 3.0 or EXPRESSCLUSTER X 5.2
     */
    manual: 'v3' | 'x5';
    /**
     * e.g. '6.7.2', in quotes
     */
    section: string;
  };
  /**
   * instead of `source`, of a house runbook: where the site documents it, e.g. 'Operations handbook, chapter 4'
   */
  site?: string;
  /**
   * the editions it is documented for; a plan for another is refused
   *
   * @minItems 1
   */
  editions: ['SE' | 'XE' | 'LE' | 'X', ...('SE' | 'XE' | 'LE' | 'X')[]];
  /**
   * the kind of cluster it is for, as in its status; left out: expresscluster, whose manuals it follows
   */
  cluster?: 'expresscluster' | 'pacemaker';
  /**
   * refusal: the manual says that it cannot be done; automatic: the cluster does it itself; part: steps that several procedures share, only ever called
   */
  kind: 'procedure' | 'diagnosis' | 'refusal' | 'automatic' | 'setting' | 'part';
  /**
   * what it is for and where it ends, for someone who has never read the manual
   */
  summary?: string;
  parameters?: Parameters;
  /**
   * name → CEL, bound when planned, in order; checked again before every step
   */
  roles?: {
    [k: string]: string;
  };
  /**
   * must hold before the run starts
   */
  requires?: Requirement[];
  /**
   * the cases that it is for: in each of them it is rehearsed and run by the tests. No part of what is hashed
   *
   * @minItems 1
   */
  situations?: [Situation, ...Situation[]];
  /**
   * in order; each has one verb: run, watch, check, find, wait, operator, confirm, choose, call or refuse
   *
   * @maxItems 200
   */
  steps: Step[];
}
/**
 * each is a JSON Schema fragment for a scalar, plus where its default comes from
 *
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "parameters".
 */
export interface Parameters {
  [k: string]: Parameter;
}
export interface Parameter {
  /**
   * a scalar: it becomes one argument
   */
  type: 'string' | 'integer' | 'number' | 'boolean';
  /**
   * for the person who gives it
   */
  description: string;
  /**
   * must name one of these; the only one is the default. machines: the servers, and those that stand beside the cluster and are not in its configuration
   */
  from?: 'servers' | 'machines' | 'mirrors' | 'groups' | 'resources' | 'monitors' | 'devices';
  /**
   * used when no value is given
   */
  default?: string | number | boolean;
  /**
   * CEL over the status, used when no value is given
   */
  'default-expression'?: string;
  /**
   * the only values
   */
  enum?: (string | number)[];
  /**
   * a regular expression that the whole value fits, written with ^ and $
   */
  pattern?: string;
  /**
   * of a number, inclusive
   */
  minimum?: number;
  /**
   * of a number, inclusive
   */
  maximum?: number;
  /**
   * never recorded and never shown; asked for again when a run is resumed
   */
  secret?: boolean;
}
/**
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "requirement".
 */
export interface Requirement {
  /**
   * CEL; unknown is not yes
   */
  that: string;
  /**
   * what to say and do when it does not hold
   */
  or: string;
}
/**
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "situation".
 */
export interface Situation {
  /**
   * what the matter is, for whoever looks for a way out
   */
  title: string;
  /**
   * the fixture cluster, by its file in fixtures/clusters
   */
  cluster: string;
  /**
   * as configured when left out: mirrors recover by themselves, or do not
   */
  'automatic-recovery'?: boolean;
  /**
   * how a cluster at rest comes there, in the words of `lab fault` and `--given` (src/sim/situation/verbs.ts): `cut mdc400 server1 server2`, `exec server1 clpcl -t -a`
   */
  given?: string[];
  /**
   * its parameters
   */
  with?: {
    [k: string]: string | number | boolean;
  };
  /**
   * what is decided, by step
   */
  choices?: {
    [k: string]: string;
  };
  /**
   * done when left out; refused: it explains, and exits with 4
   */
  ends?: 'done' | 'refused';
  /**
   * what is not as it was before, where that is its purpose; left out, the tests hold that all is: services, power, groups, media, time-outs
   */
  leaves?: string;
}
/**
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "step".
 */
export interface Step {
  /**
   * its name in the runbook, in the record and on the command line
   */
  id: string;
  /**
   * what it does, as an order; may hold {…}
   */
  title: string;
  /**
   * the manual's own step labels; empty or absent only with `added`
   */
  source?: string[];
  /**
   * why this step is here although the manual has none
   */
  added?: string;
  /**
   * why it stands elsewhere than in the manual, whose order holds otherwise
   */
  moved?: string;
  /**
   * server: a {template}; or a CEL list in {…}: one step per server, in order, id step@server. Read as `here` in the step's expressions and texts
   */
  on?: string;
  /**
   * CEL; false when planned leaves the step out, with the reason recorded. With chosen('step') it is decided when run
   */
  when?: string;
  /**
   * must hold right before the act; checked anew each time
   */
  requires?: Requirement[];
  /**
   * name → CEL, evaluated before the act and recorded with the intent; read as before.name
   */
  remember?: {
    [k: string]: string;
  };
  run?: Command;
  watch?: Watch;
  /**
   * CEL that must hold now
   */
  check?: string;
  find?: Find;
  /**
   * what the command's end and output tell; a command that only looks
   *
   * @minItems 1
   */
  findings?: [OutcomeFound, ...OutcomeFound[]];
  wait?: Wait;
  operator?: OperatorAct;
  confirm?: Confirm;
  choose?: Choose;
  call?: Call;
  /**
   * why this cannot be done (exit 4)
   */
  refuse?: string;
  /**
   * CEL: true when the act has been done already; then it is not repeated
   */
  probe?: string;
  /**
   * CEL that must come true within the timeout after the act
   */
  expect?: string;
  /**
   * text that the command's output must contain
   */
  'expect-output'?: string;
  /**
   * of a program of the site (site-run): what it changes, or `looks` where it changes nothing; nobody else can know
   */
  effect?: string;
  /**
   * why neither probe nor expectation can tell that it was done
   */
  unseen?: string;
  /**
   * how the act is taken back, or none
   */
  undo: 'none' | Undo;
  /**
   * what is at stake, for the person who decides
   */
  danger?: string;
  /**
   * to the prompts of the command; every prompt needs one
   */
  answers?: PromptAnswer[];
  /**
   * exit codes of the command that are a success with a remark; any other than 0 is a failure
   *
   * @minItems 1
   */
  accept?: [AcceptedExit, ...AcceptedExit[]];
  /**
   * the command takes the server it runs on down; losing the connection is expected
   */
  'goes-down'?: boolean;
  /**
   * e.g. 30s, 5m, 2h
   */
  timeout?: string;
  /**
   * the run may be parked after this step
   */
  safe?: boolean;
  /**
   * for readers: why it is done this way
   */
  note?: string;
}
/**
 * a harmless command looked at until a condition holds
 */
export interface Watch {
  run: Command;
  /**
   * CEL
   */
  until: string;
  /**
   * e.g. 2s
   */
  every?: string;
}
/**
 * looks at the cluster, and reports what it finds; nobody has to answer
 */
export interface Find {
  /**
   * CEL: reported where it holds, or is not known; left out, always
   */
  if?: string;
  severity: Severity;
  /**
   * what was found; may hold {…}
   */
  says: string;
  /**
   * CEL, text that tells where
   */
  shows?: string;
  /**
   * what is to be done, in words
   */
  remedy?: string;
  /**
   * the one that carries the remedy out
   */
  runbook?: string;
}
/**
 * what `exit`, `prints` and `lacks` say has to be so, all that are given
 *
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "outcome".
 */
export interface OutcomeFound {
  /**
   * how the command ended; any other than 0 is no failure then
   */
  exit?: number;
  /**
   * text that its output contains
   */
  prints?: string;
  /**
   * text that its output does not contain
   */
  lacks?: string;
  severity: Severity;
  /**
   * what was found; may hold {…}
   */
  says: string;
  /**
   * what is to be done, in words
   */
  remedy?: string;
  /**
   * the one that carries the remedy out
   */
  runbook?: string;
}
/**
 * nothing is done; time passes, or something comes true
 */
export interface Wait {
  /**
   * CEL that comes true within the timeout
   */
  until?: string;
  /**
   * e.g. 30s
   */
  for?: string;
}
/**
 * a person's physical act on server `on`
 */
export interface OperatorAct {
  /**
   * what the person does
   */
  act:
    | 'replaceDisk'
    | 'powerOn'
    | 'cutPower'
    | 'insertMedium'
    | 'removeMedium'
    | 'startSingleUser'
    | 'takeDiskImage'
    | 'restoreDiskImage'
    | 'pullCable'
    | 'plugCable'
    | 'changeAddress'
    | 'replaceServer'
    | 'installProduct'
    | 'copyMedium'
    | 'editMedium'
    | 'addDisk';
  /**
   * the disk, for replaceDisk and addDisk
   */
  device?: string;
  /**
   * label of the medium
   */
  medium?: string;
  /**
   * name of a disk image
   */
  image?: string;
  /**
   * the image holds the system disk too
   */
  system?: boolean;
  /**
   * the net whose cable it is (lan0, mdc400 …)
   */
  net?: string;
  /**
   * the interface (eth1)
   */
  interface?: string;
  /**
   * the new address with the length of its mask (10.0.1.2/24)
   */
  address?: string;
  /**
   * the disks of the old machine are moved over; without it they are new ones
   */
  keepsDisks?: boolean;
  /**
   * a folder of the server
   */
  folder?: string;
  /**
   * what is changed, in the words of clpcfset (del srv server3)
   */
  change?: string;
}
/**
 * a person says yes before the run goes on
 */
export interface Confirm {
  /**
   * what the person is asked
   */
  question: string;
  /**
   * the words that must be typed; --yes never gives them
   */
  'type-name'?: string;
  /**
   * CEL, text shown with the question
   */
  shows?: string;
}
/**
 * a decision that only a person can make while the run goes on
 */
export interface Choose {
  /**
   * what the person decides
   */
  question: string;
  /**
   * later steps ask chosen('step') == 'option'
   *
   * @minItems 2
   */
  options: [string, string, ...string[]];
}
/**
 * another runbook's steps, put in here when planned
 */
export interface Call {
  /**
   * its id
   */
  runbook: string;
  /**
   * its parameters
   */
  with?: {
    [k: string]: string;
  };
}
export interface Undo {
  run: Command;
  /**
   * server; that of the step when left out
   */
  on?: string;
  /**
   * to its prompts
   */
  answers?: PromptAnswer[];
  /**
   * CEL that then holds
   */
  expect?: string;
}
/**
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "answer".
 */
export interface PromptAnswer {
  /**
   * words that the command's question contains
   */
  prompt: string;
  /**
   * what is answered, once
   */
  reply: string;
  /**
   * the reply is never recorded and never shown
   */
  secret?: boolean;
}
/**
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "accepted".
 */
export interface AcceptedExit {
  /**
   * how the command may end besides 0; from 124 on it did not run to its end
   */
  exit: number;
  /**
   * what the person is told then: why it counts, and what to look at
   */
  remark: string;
}
/**
 * A site's own steps at named points of a runbook, which stays as it is. They see its parameters and roles. Lies as NAME.overlay.yaml in the site's folder.
 *
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "overlay".
 */
export interface Overlay {
  /**
   * id of the runbook, or part, that the steps are put into
   */
  overlay: string;
  /**
   * its own; its steps are called ID/STEP in plans, records and on the command line
   */
  id: string;
  /**
   * what its steps are for; said of each of them as the reason why it is there
   */
  title: string;
  parameters?: Parameters;
  /**
   * must hold before the run starts, beside what the runbook requires
   */
  requires?: Requirement[];
  /**
   * which steps, and where
   *
   * @minItems 1
   */
  insert: [Insertion, ...Insertion[]];
}
/**
 * This interface was referenced by `Runbook`'s JSON-Schema
 * via the `definition` "insertion".
 */
export interface Insertion {
  /**
   * before the first step of the runbook, or after its last one
   */
  at?: 'begin' | 'end';
  /**
   * the step of the runbook before which they stand; they are taken when it is
   */
  before?: string;
  /**
   * the step of the runbook after which they stand; they are taken when it is
   */
  after?: string;
  /**
   * as in a runbook, without `source`, `added` and `moved`
   *
   * @minItems 1
   * @maxItems 50
   */
  steps: [Step, ...Step[]];
}
