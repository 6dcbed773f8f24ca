/* Generated from src/schema/runbook.schema.json by `npm run types`. */

/**
 * one string, split once by the loader before parameters are put in, or an argument array
 */
export type Command = string | [string, ...string[]];

/**
 * One documented maintenance procedure. Expressions are CEL; {x} in a text is a parameter, a role or an expression, bound when planned; each stays one argument.
 */
export interface Runbook {
  /**
   * as in runbooks/procedures.tsv
   */
  id: string;
  title: string;
  source: {
    manual: 'v3' | 'x5';
    section: string;
  };
  /**
   * @minItems 1
   */
  editions: ['SE' | 'XE' | 'LE' | 'X', ...('SE' | 'XE' | 'LE' | 'X')[]];
  kind: 'procedure' | 'diagnosis' | 'refusal' | 'automatic' | 'setting';
  /**
   * what it is for and where it ends, for someone who has never read the manual
   */
  summary?: string;
  /**
   * each is a JSON Schema fragment for a scalar, plus where its default comes from
   */
  parameters?: {
    [k: string]: Parameter;
  };
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
   * @maxItems 200
   */
  steps: Step[];
}
export interface Parameter {
  type: 'string' | 'integer' | 'number' | 'boolean';
  description: string;
  /**
   * must name one of these; the only one is the default
   */
  from?: 'servers' | 'mirrors' | 'groups' | 'resources' | 'monitors' | 'devices';
  default?: string | number | boolean;
  /**
   * CEL over the status, used when no value is given
   */
  'default-expression'?: string;
  enum?: (string | number)[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  secret?: boolean;
}
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
export interface Step {
  id: string;
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
   * server: a {template}; or a CEL list in {…}: one step per server, in order, id step@server. Read as `here` in the step's expressions and texts
   */
  on?: string;
  /**
   * CEL; false when planned leaves the step out, with the reason recorded. With chosen('step') it is decided when run
   */
  when?: string;
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
  undo: 'none' | Undo;
  danger?: string;
  answers?: PromptAnswer[];
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
export interface Wait {
  until?: string;
  for?: string;
}
/**
 * a person's physical act on server `on`
 */
export interface OperatorAct {
  act:
    | 'replaceDisk'
    | 'powerOn'
    | 'cutPower'
    | 'insertMedium'
    | 'removeMedium'
    | 'startSingleUser'
    | 'takeDiskImage'
    | 'restoreDiskImage';
  device?: string;
  medium?: string;
  /**
   * name of a disk image
   */
  image?: string;
  /**
   * the image holds the system disk too
   */
  system?: boolean;
}
export interface Confirm {
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
export interface Choose {
  question: string;
  /**
   * @minItems 2
   */
  options: [string, string, ...string[]];
}
export interface Call {
  runbook: string;
  with?: {
    [k: string]: string;
  };
}
export interface Undo {
  run: Command;
  on?: string;
  answers?: PromptAnswer[];
  expect?: string;
}
export interface PromptAnswer {
  prompt: string;
  reply: string;
  secret?: boolean;
}
