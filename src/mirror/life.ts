/**
 * The life of an agent, for all of its mirrors. Ending: in order, a disk that fails now resets
 * nothing. Over: as killed, nothing happens afterwards and nothing is written.
 */
export class Life {
  #isEnding = false;
  #isOver = false;

  get isEnding(): boolean {
    return this.#isEnding;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  beginEnding(): void {
    this.#isEnding = true;
  }

  /** The end in order was refused. */
  goOn(): void {
    this.#isEnding = false;
  }

  end(): void {
    this.#isOver = true;
  }
}
