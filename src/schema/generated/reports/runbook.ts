/* Generated from src/schema/reports/runbook.schema.json by `npm run types`. */

/**
 * A runbook as it is read.
 */
export interface RunbookReport {
  schema: 'drydock.runbook/1';
  id: string;
  title: string;
  /**
   * null: it is the site's own
   */
  manual: 'v3' | 'x5' | null;
  section: string | null;
  /**
   * of a house runbook, where the site documents it
   */
  site: string | null;
  /**
   * what the site put into it
   */
  overlays: {
    id: string;
    title: string;
    file: string;
    hash: string;
  }[];
  editions: string[];
  kind: string;
  summary: string | null;
  /**
   * SHA-256 of the runbook.
   */
  hash: string;
  /**
   * each is a JSON Schema fragment for a scalar, plus where its default comes from
   */
  parameters: {
    [k: string]: Parameter;
  };
  /**
   * name → CEL, bound when planned, in order; checked again before every step
   */
  roles: {
    [k: string]: string;
  };
  requires: {
    that: string;
    or: string;
  }[];
  /**
   * what is not as it was before, in the situations that it is for; empty: all is, or no situation is named
   */
  leaves: string[];
  steps: {
    id: string;
    title: string;
    kind: string;
    source: string[];
    added: string | null;
    /**
     * the overlay by which the site put it there
     */
    overlay: string | null;
    /**
     * CEL; the step is left out where it does not hold
     */
    when: string | null;
    servers: string | null;
    danger: string | null;
    /**
     * Arguments of every command, of called runbooks too.
     */
    commands: string[][];
    /**
     * reply null: a secret.
     */
    answers: {
      prompt: string;
      reply: string | null;
    }[];
    accept: {
      exit: number;
      remark: string;
    }[];
    act: OperatorAct | null;
    call: Call | null;
    probe: string | null;
    expect: string | null;
    undo: string[] | null;
    safe: boolean;
  }[];
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
   * must name one of these; the only one is the default
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
