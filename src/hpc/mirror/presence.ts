/** Whether the source of a mirror is there: it is as long as one of its monitors is connected. */
export class Presence {
  /** How often it went away. */
  losses = 0;
  #connected = 0;

  get isHere(): boolean {
    return this.#connected > 0;
  }

  /** A monitor is connected. @returns whether it is the first */
  enter(): boolean {
    this.#connected += 1;
    return this.#connected === 1;
  }

  /** A monitor lost its connection. @returns whether it was the last */
  leave(): boolean {
    this.#connected -= 1;
    if (this.#connected > 0) return false;
    this.losses += 1;
    return true;
  }
}
