/** What the mirror room gives to composition roots, benches and tests. */
export { MirrorAgent, type MirrorAgentPorts } from './agent.ts';
export { formatConstructed, partitionBytes } from './cluster-partition.ts';
export { judge } from './generations.ts';
export { generationFile } from './loss.ts';
export { mirrorParameters } from './parameters.ts';
