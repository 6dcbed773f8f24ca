/** The program of a cluster daemon. SIGTERM is an orderly stop; exit 0 says that it was one. */
import { join } from 'node:path';
import { nodeFiles } from '../adapters/node-files.ts';
import { ocfAgents } from '../adapters/ocf-agents.ts';
import { scriptRunner } from '../adapters/script-runner.ts';
import { AGENTS_PATH, LICENCE_PATH, typesOfAgents } from '../core/paths.ts';
import { driveDaemon, wirePower } from '../engine/index.ts';
import { messageOf } from '../messages/index.ts';
import { scriptsOf, serverMarks } from './environment.ts';
import { factsFile } from './facts-file.ts';
import { hasOwnNetwork, labRefusal } from './ocf-rules.ts';
import { endWithSupervisor, openPart } from './part.ts';
import { powerFromFile } from './power-file.ts';

const world = openPart('daemon');
const { layout, lab, server, config, clock, log } = world;
endWithSupervisor();

const facts = factsFile(join(layout.kept, 'daemon.json'), (error) => {
  const said = messageOf(config.manual, 'factsUnwritten', error.message);
  log({ at: clock.now(), server, ...said });
});
/** What was answered last is with the transport before the process ends: a turn to say it, one to send it. */
function leave(): void {
  setImmediate(() =>
    setImmediate(() => {
      world.wire.close();
      process.exit(0);
    }),
  );
}

// Its first heartbeat leaves as soon as it is driven.
await world.transport.listen();
const daemon = driveDaemon({
  ...world,
  power: lab.powerControl ? powerFromFile(lab.powerControl) : wirePower(world.wire),
  scripts: scriptRunner(scriptsOf(world)),
  ocf: ocfAgents({
    state: join(layout.run, 'ocf'),
    bootId: world.bootId,
    logs: layout.log,
    marks: serverMarks(lab.id, server),
    refusal: (call) => labRefusal(call, hasOwnNetwork()),
    saved: () => facts.settled(),
  }),
  agents: typesOfAgents(await nodeFiles(layout.root).list(AGENTS_PATH)),
  licences: await nodeFiles(layout.root).read(LICENCE_PATH),
  facts,
  onExit: () => void facts.settled().then(leave),
});
process.on('SIGTERM', () => daemon.requestStop());
await world.transport.register(['daemon']);
