/**
 * The two sides of a mirror as this one knows them: who is connected, what was compared, who is
 * active, what a loss left undecided. The state is that of the chart (machines/mirror.machine.ts);
 * whatever happens is told to it, here alone, and what it wants done then is handed on.
 */
import { type MirrorChart, mirrorMachine } from '../../../machines/mirror.machine.ts';
import type { MirrorEffect, MirrorEvent } from '../../../machines/mirror-events.ts';
import type { Color, Judgement, PeerFacts } from '../../../machines/mirror-pair.ts';
import { colorOf, type PairReadings, readingsOf } from '../../../machines/mirror-readings.ts';
import { moveChart, startChart } from '../../core/chart.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Session } from '../link/session.ts';

export interface PairOptions {
  fencing: boolean;
  clock: Clock;
  /** Before anything else that follows: no write goes on while it is true. */
  freeze: (isFrozen: boolean) => void;
  /** Does what the chart wants. */
  carryOut: (effect: MirrorEffect) => void;
  /** The pair is shown as another one. */
  changed: () => void;
}

export class Pair {
  readonly #options: PairOptions;
  #chart: MirrorChart;
  /** Of the chart as it stands: asked with every write. */
  #readings: PairReadings;
  #session: Session | null = null;
  #apartSince: number | null = null;
  #hasMet = false;

  constructor(options: PairOptions) {
    this.#options = options;
    this.#chart = startChart(mirrorMachine, { fencing: options.fencing }).chart;
    this.#readings = readingsOf(this.#chart);
  }

  /** The connection on which the two have met; null: there is none. */
  get session(): Session | null {
    return this.#session;
  }

  /** The two have met in the life of this process. */
  get hasMet(): boolean {
    return this.#hasMet;
  }

  /** What the chart says now. */
  get now(): Readonly<PairReadings> {
    return this.#readings;
  }

  get color(): Color {
    return colorOf(this.#chart);
  }

  get judgement(): Judgement | null {
    return this.#chart.context.judgement;
  }

  get peer(): Readonly<PeerFacts> | null {
    return this.#chart.context.peer;
  }

  /** When the two copies were last compared, or may have been; null while they are connected. */
  get apartSince(): number | null {
    return this.#apartSince;
  }

  /** Which hold of the writes is on, told from earlier ones; null: none. */
  get hold(): number | null {
    return this.#readings.alone === 'held' ? this.#chart.context.holds : null;
  }

  /** Moves the chart, and has done what it wants. */
  tell(event: MirrorEvent): void {
    const { chart, effects } = moveChart(mirrorMachine, this.#chart, event);
    this.#chart = chart;
    this.#readings = readingsOf(chart);
    this.#options.changed();
    this.#options.freeze(this.#readings.isFrozen);
    for (const { type } of effects) this.#options.carryOut(type as MirrorEffect);
  }

  /** The two have met on `session`, and what was found is durable on this side. */
  connect(session: Session, judgement: Judgement, peer: PeerFacts): void {
    this.#session = session;
    this.#hasMet = true;
    this.#apartSince = null;
    this.tell({ type: 'sides.met', judgement, peer });
    session.onLost(() => this.#lose(session));
  }

  #lose(session: Session): void {
    if (this.#session !== session) return;
    this.#session = null;
    this.#apartSince = this.#options.clock.now();
    this.tell({ type: 'link.lost' });
  }

  /** The other side said so on `session`; not heeded when that is not the connection any more. */
  learn(session: Session, facts: Partial<PeerFacts>): void {
    if (this.#session === session) this.tell({ type: 'peer.learned', facts });
  }

  /** The two copies were compared without a connection, or may have been. */
  noteCompared(at: number): void {
    this.#apartSince = at;
    this.#options.changed();
  }

  /** As killed: the connection ends, and nobody is told. */
  end(why: string): void {
    const session = this.#session;
    this.#session = null;
    this.#options.changed();
    session?.close(why);
  }
}
