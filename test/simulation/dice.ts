/** Chance for the moves of a simulated history, with the names that its cluster has. */
import { mirrorsOf } from '../../src/config/index.ts';
import type { ClusterConfiguration } from '../../src/schema/generated/cluster-configuration.ts';
import type { SeededRandom } from '../../src/sim/seeded-random.ts';

export class Dice {
  readonly random: SeededRandom;
  readonly config: ClusterConfiguration;
  readonly nets: readonly string[];

  constructor(random: SeededRandom, config: ClusterConfiguration, nets: readonly string[]) {
    this.random = random;
    this.config = config;
    this.nets = nets.filter((net) => net !== 'bmc');
  }

  of<T>(from: readonly T[]): T {
    return from[this.random.below(from.length)] as T;
  }

  server(): string {
    return this.of(this.config.servers).name;
  }

  /** Two different servers. */
  pair(): string {
    const { servers } = this.config;
    const at = this.random.below(servers.length);
    const by = 1 + this.random.below(servers.length - 1);
    return `${servers[at]?.name} ${servers[(at + by) % servers.length]?.name}`;
  }

  group(): string {
    return this.of(this.config.groups).name;
  }

  address(server: string): string {
    const found = this.config.servers.find(({ name }) => name === server);
    return found?.devices.find(({ kind }) => kind === 'lan')?.info ?? '';
  }

  mirror(): { name: string; control: string; disk: string } | null {
    const mirrors = mirrorsOf(this.config);
    if (mirrors.length === 0) return null;
    const { name, type, parameters } = this.of(mirrors);
    const control = type === 'hd' ? 'clphdctrl' : 'clpmdctrl';
    return { name, control, disk: String(parameters['diskdev/dppath']).replace(/\d+$/, '') };
  }

  exec(...argv: string[]): string[] {
    return [`begin exec ${this.server()} ${argv.join(' ')}`];
  }
}

/** Lines of a history. */
export type Made = (dice: Dice) => string[];
