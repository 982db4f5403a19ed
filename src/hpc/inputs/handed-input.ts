import { PvaflowError } from '../../core/errors.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { Admission, Input, InputFigures } from './input.js';

export interface HandedInputOptions {
  readonly channel: string;
  readonly intake: Admission;
  /** At most so many objects wait; who hands over more is refused. */
  readonly maxWaiting: number;
  /** Whether who hands over an object hears when it has been processed, not already when it has been taken. */
  readonly untilProcessed: boolean;
}

/** At most so many bytes wait, unless it is a single object. */
const MAX_WAITING_BYTES = 2 ** 28;

interface Waiting {
  readonly object: PvObject;
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: PvaflowError) => void;
}

/**
 * Objects that clients hand over, as a source: each waits until the pipeline takes it, and so does its client. Nothing that a
 * client was told to be accepted is lost.
 */
export class HandedInput implements Input {
  isConnected = true;
  readonly #options: HandedInputOptions;
  readonly #waiting: Waiting[] = [];
  readonly #inWork = new Map<PvObject, Waiting>();
  #waitingBytes = 0;
  #received = 0;
  #bytes = 0;
  #errors = 0;
  #onReadable: () => void = () => {};

  constructor(options: HandedInputOptions) {
    this.#options = options;
  }

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
  }

  /** @throws {PvaflowError} PVAFLOW_INPUT_FULL, PVAFLOW_INPUT_CLOSED when an object of this size is not taken in */
  checkRoom(bytes: number): void {
    const { channel, maxWaiting } = this.#options;
    if (!this.isConnected) throw this.#refused('PVAFLOW_INPUT_CLOSED', `${channel}: the consumer is ending`);
    const isFull = this.#waiting.length >= maxWaiting || this.#waitingBytes + bytes > MAX_WAITING_BYTES;
    if (!isFull || this.#waiting.length === 0) return;
    throw this.#refused('PVAFLOW_INPUT_FULL', `${channel}: ${this.#waiting.length} objects wait already`);
  }

  /**
   * Hands an object over, which then belongs to the pipeline; `checkRoom` has been asked.
   *
   * @returns when it has been taken, or processed; rejects with PVAFLOW_INPUT_CLOSED when it never will be, and with
   *   PVAFLOW_INPUT_FAILED when it was not processed
   */
  hand(object: PvObject): Promise<void> {
    const { bytes } = object;
    this.#received += 1;
    this.#bytes += bytes;
    this.#waitingBytes += bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ object, bytes, resolve, reject });
      this.#onReadable();
    });
  }

  take(max: number): PvObject[] {
    const objects: PvObject[] = [];
    while (objects.length < max && this.#waiting.length > 0) {
      const next = this.#waiting.shift() as Waiting;
      this.#waitingBytes -= next.bytes;
      const isAdmitted = this.#options.intake.admit(next.object);
      if (isAdmitted) objects.push(next.object);
      if (isAdmitted && this.#options.untilProcessed) this.#inWork.set(next.object, next);
      else next.resolve();
    }
    return objects;
  }

  /** An object that was taken came to its end; `failure` says what went wrong. */
  settled(object: PvObject, failure: string | undefined): void {
    const handed = this.#inWork.get(object);
    if (handed === undefined) return;
    this.#inWork.delete(object);
    if (failure === undefined) handed.resolve();
    else handed.reject(new PvaflowError('PVAFLOW_INPUT_FAILED', failure));
  }

  /** What waits already is still taken. */
  pause(): void {
    this.isConnected = false;
  }

  close(): void {
    this.isConnected = false;
    const left = [...this.#waiting.splice(0), ...this.#inWork.values()];
    this.#inWork.clear();
    for (const { reject } of left)
      reject(this.#refused('PVAFLOW_INPUT_CLOSED', `${this.#options.channel}: the consumer has ended`));
  }

  figures(): InputFigures {
    return { received: this.#received, bytes: this.#bytes, errors: this.#errors, overruns: 0 };
  }

  resetStats(): void {
    this.#errors = 0;
  }

  #refused(code: 'PVAFLOW_INPUT_FULL' | 'PVAFLOW_INPUT_CLOSED', message: string): PvaflowError {
    this.#errors += 1;
    return new PvaflowError(code, message);
  }
}
