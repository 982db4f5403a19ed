import { messageOf } from '../../core/errors.js';
import { placeOf } from '../../core/error-place.js';
import type { Logger } from '../../core/logger.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { PvType, TypeFields } from '../../pva/pv-type.js';
import { UserDataProcessor } from '../../processor/user-data-processor.js';
import { Repeats } from '../repeats.js';
import { StopWatch } from './stop-watch.js';

/**
 * A user's processor outside its frame path: whatever its methods throw is logged and counted, and the stream goes on. What
 * `configure` and `start` throw is for the caller; what `process` throws, for the pipeline.
 */
export class UserProcessor {
  /** How often one of its methods threw, `process` not counted. */
  faults = 0;
  /** Whether `stop` threw: what it should have finished may not be. */
  stopFailed = false;
  /** Whether its `stop` is being waited for. */
  isStopping = false;
  /** How often its `stop` came further. */
  stopSteps = 0;
  #stopped: Promise<void> | undefined;
  readonly #repeats = new Repeats();

  constructor(
    readonly name: string,
    readonly processor: UserDataProcessor,
    readonly logger: Logger,
  ) {}

  /** The types of the user's figures; none when the method throws. */
  statsTypes(): TypeFields {
    return this.#guard('getStatsPvaTypes', () => this.processor.getStatsPvaTypes()) ?? {};
  }

  /** The user's figures; none when the method throws. */
  stats(): Record<string, unknown> {
    return { ...this.#guard('getStats', () => this.processor.getStats()) };
  }

  /** The type of the output channel; null when the user wants none, undefined when the method throws. */
  outputType(first: PvObject): PvObject | PvType | null | undefined {
    return this.#guard('getOutputPvObjectType', () => this.processor.getOutputPvObjectType(first));
  }

  /** The type of an input channel that is hosted here; null when the user names none, undefined when the method throws. */
  inputType(): PvObject | PvType | null | undefined {
    return this.#guard('getInputPvObjectType', () => this.processor.getInputPvObjectType());
  }

  /** What `stop` waits for; empty when the user does not say, or the method throws. */
  stopProgress(): string {
    return this.#guard('stopProgress', () => this.processor.stopProgress()) ?? '';
  }

  resetStats(): void {
    this.#guard('resetStats', () => this.processor.resetStats());
  }

  /** Undefined when it has nothing to finish; else resolves to what went wrong, if anything did. */
  finishAcquisition(): Promise<string | undefined> | undefined {
    if (this.processor.finishAcquisition === UserDataProcessor.prototype.finishAcquisition) return undefined;
    return this.#finishAcquisition();
  }

  async #finishAcquisition(): Promise<string | undefined> {
    try {
      await this.processor.finishAcquisition();
      return undefined;
    } catch (error) {
      this.#fault('finishAcquisition', error);
      return `${this.name}: ${messageOf(error)}`;
    }
  }

  /** Waits for `stop` to finish, but not longer than `seconds` without progress. It is called once. */
  stop(seconds: number): Promise<void> {
    return (this.#stopped ??= this.#stop(seconds));
  }

  async #stop(seconds: number): Promise<void> {
    this.isStopping = true;
    using watch = new StopWatch(this, seconds);
    try {
      await Promise.race([this.processor.stop(), watch.givenUp]);
    } catch (error) {
      this.stopFailed = true;
      this.#fault('stop', error);
    } finally {
      this.isStopping = false;
    }
  }

  #guard<T>(method: string, call: () => T): T | undefined {
    try {
      const result = call();
      if (!(result instanceof Promise)) return result;
      result.then(
        (value) => value === undefined || this.#fault(method, new Error('it gave a promise, and must answer at once')),
        (error: unknown) => this.#fault(method, error),
      );
    } catch (error) {
      this.#fault(method, error);
    }
    return undefined;
  }

  #fault(method: string, error: unknown): void {
    this.faults += 1;
    this.#repeats.note(method, (times) => {
      this.logger.error(`${this.name}.${method} failed${times}: ${messageOf(error)}${placeOf(error)}`);
      if (error instanceof Error) this.logger.debug(error.stack ?? '');
    });
  }
}
