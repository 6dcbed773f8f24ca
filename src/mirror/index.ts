/** What the mirror room gives to composition roots, benches and tests. */
export { MirrorAgent, type MirrorAgentPorts } from './agent/agent.ts';
export { mirrorParameters } from './agent/parameters.ts';
export { formatConstructed, partitionBytes } from './copy/cluster-partition.ts';
export { judge } from './copy/generations.ts';
export { generationFile } from './pair/loss.ts';
