/** Every command by the name it is called with: the cluster's own, and the operating system's. */
import { clpbackup } from './clp/clpbackup.ts';
import { clpbwctrl } from './clp/clpbwctrl.ts';
import { clpcfchk } from './clp/clpcfchk.ts';
import { clpcfctrl } from './clp/clpcfctrl.ts';
import { clpcfget } from './clp/clpcfget.ts';
import { clpcfset } from './clp/clpcfset.ts';
import { clpcl } from './clp/clpcl.ts';
import { clpdown } from './clp/clpdown.ts';
import { clpecap } from './clp/clpecap.ts';
import { clpfwctrl } from './clp/clpfwctrl.ts';
import { clpgrp } from './clp/clpgrp.ts';
import { clplcnsc } from './clp/clplcnsc.ts';
import { clplogcc } from './clp/clplogcc.ts';
import { clplogcmd } from './clp/clplogcmd.ts';
import { clpmdchng } from './clp/clpmdchng.ts';
import { clphdctrl, clpmdctrl } from './clp/clpmdctrl.ts';
import { clphdinit, clpmdinit } from './clp/clpmdinit.ts';
import { clphdstat, clpmdstat } from './clp/clpmdstat.ts';
import { clpmonctrl } from './clp/clpmonctrl.ts';
import { clpperfc } from './clp/clpperfc.ts';
import { clpregctrl } from './clp/clpregctrl.ts';
import { clprestore } from './clp/clprestore.ts';
import { clprexec } from './clp/clprexec.ts';
import { clproset } from './clp/clproset.ts';
import { clprsc } from './clp/clprsc.ts';
import { clpstat } from './clp/clpstat.ts';
import { clpstdn } from './clp/clpstdn.ts';
import { clpsvcctrl } from './clp/clpsvcctrl.ts';
import { clptoratio } from './clp/clptoratio.ts';
import { clptrnreq } from './clp/clptrnreq.ts';
import { type Command, type Traits, UNKNOWN } from './environment.ts';
import { osCommands } from './os/index.ts';

export const clpCommands: Command[] = [
  clpcl,
  clpdown,
  clpstdn,
  clpgrp,
  clprsc,
  clpstat,
  clpmonctrl,
  clptoratio,
  clpmdstat,
  clpmdctrl,
  clpmdinit,
  clphdstat,
  clphdctrl,
  clphdinit,
  clpmdchng,
  clpsvcctrl,
  clpbwctrl,
  clpcfchk,
  clpcfctrl,
  clpcfget,
  clpcfset,
  clplcnsc,
  clplogcc,
  clplogcmd,
  clpbackup,
  clprestore,
  clprexec,
  clptrnreq,
  clpperfc,
  clpregctrl,
  clpecap,
  clpfwctrl,
  clproset,
];

export const commands: Map<string, Command> = new Map(
  [...clpCommands, ...osCommands].map((command) => [command.name, command]),
);

/** What the command of these words says of itself. */
export function traitsOf([name = '', ...args]: readonly string[]): Traits {
  return commands.get(name)?.traits(args) ?? UNKNOWN;
}
