/** How the mirror connection is made, and what orders have changed of it since the agent started. */
import type { BulkFiles } from '../../ports/bulk-files.ts';
import type { MirrorParameters } from '../agent/parameters.ts';
import { refused } from '../refused.ts';
import { Keyring } from './keyring.ts';

export class Line {
  /** Keys of the mirror connection; null when it is not encrypted. */
  readonly keyring: Keyring | null;
  #compresses: boolean;
  #synchronises: boolean;
  readonly #configured: readonly string[];
  #nets: readonly string[];
  #isChangingKey = false;

  constructor(p: MirrorParameters, bulk: BulkFiles | undefined) {
    this.keyring = p.keyFile === null ? null : new Keyring(p.keyFile, bulk);
    this.#compresses = p.compress;
    this.#synchronises = p.synchronises;
    this.#configured = p.nets;
    this.#nets = p.nets;
  }

  get compresses(): boolean {
    return this.#compresses;
  }

  /** False: writes are only noted, and no recovery begins of its own accord. */
  get synchronises(): boolean {
    return this.#synchronises;
  }

  /** Mirror disk connects in the order they are tried. */
  get nets(): readonly string[] {
    return this.#nets;
  }

  set(option: 'compress' | 'sync', on: boolean): void {
    if (option === 'sync') this.#synchronises = on;
    else this.#compresses = on;
  }

  /** That connect is tried first from now on, the others as they are configured. */
  prefer(net: string): void {
    this.#nets = [net, ...this.#configured.filter((other) => other !== net)];
  }

  /** Rejects with `mirror.key` while the key is being changed. */
  checkKeyRests(): void {
    if (this.#isChangingKey) throw refused('the key is being changed', 'mirror.key');
  }

  async changingKey(work: () => Promise<void>): Promise<void> {
    this.checkKeyRests();
    this.#isChangingKey = true;
    try {
      await work();
    } finally {
      this.#isChangingKey = false;
    }
  }
}
