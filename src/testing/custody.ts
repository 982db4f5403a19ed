import { PvaflowError } from '../core/errors.js';
import type { PvObject } from '../pva/pv-object.js';
import { unwatch, watch } from './watched-object.js';

/** Knows of every object that was lent to processors whether it came back, and whether it was used afterwards. */
export class Custody {
  /** What has not come back, and as what it is known. */
  readonly #lent = new Map<PvObject, string>();
  readonly #watched: PvObject[] = [];
  readonly #misuses: PvaflowError[] = [];

  /** @param name as which the object is known in messages: `frame 3` */
  lend(object: PvObject, name: string): void {
    if (object.released)
      throw new PvaflowError('PVAFLOW_TEST', `${name} has been given back already: make another one`);
    this.#lent.set(object, name);
    this.#watched.push(object);
    watch(object, {
      onReleased: () => void this.#lent.delete(object),
      onMisuse: (_, member) => this.#misuses.push(misuse(name, member)),
    });
  }

  /** Names of the objects that were not given back. */
  get outstanding(): string[] {
    return [...this.#lent.values()];
  }

  /** The first use of an object that had been given back. */
  get misuse(): PvaflowError | undefined {
    return this.#misuses[0];
  }

  /** The run is over: what the test does with the objects is its own business. */
  end(): void {
    for (const object of this.#watched.splice(0)) unwatch(object);
  }
}

function misuse(name: string, member: string): PvaflowError {
  const advice = 'retain() it, or clone() what is needed; views of its pixels are empty by now';
  return new PvaflowError(
    'PVAFLOW_TEST_RELEASED',
    `${name} was used (${member}) after the chain was through with it and it had been given back: ${advice}`,
  );
}
