/**
 * What only a person can do or decide. Live, a person is asked; in lab and twin the port carries
 * out the physical act through the servers' management controllers. A runbook never says which.
 */
export type PhysicalAct =
  | { act: 'replaceDisk'; server: string; device: string }
  /** An image of every disk of the server, kept under a name; `system`: of its system disk too. */
  | { act: 'takeDiskImage'; server: string; image: string; system: boolean }
  /** New disks made from that image, in place of the old ones. */
  | { act: 'restoreDiskImage'; server: string; image: string }
  | { act: 'powerOn'; server: string }
  | { act: 'insertMedium'; server: string; medium: string }
  | { act: 'removeMedium'; server: string }
  | { act: 'startSingleUser'; server: string }
  | { act: 'cutPower'; server: string };

export type ActOutcome = { done: true; by: string } | { done: false; why: string };

export interface Operator {
  /** Carries out or asks for a physical act. `done: false` parks the run. */
  perform(act: PhysicalAct, words: string): Promise<ActOutcome>;
  /** Asks for the exact words; null means that nobody is there to ask, or the person said no. */
  confirm(step: string, question: string, typeName: string | null): Promise<string | null>;
  choose(step: string, question: string, options: string[]): Promise<string | null>;
}
