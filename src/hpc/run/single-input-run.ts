import type { SourceQueueOptions } from '../../pipeline/receiver.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { AcquisitionStats } from '../acquisitions/acquisition-stats.js';
import { modeOf, type CompleteConsumerConfig } from '../consumer-config.js';
import { FrameBook } from '../frame-book.js';
import type { InputAlarm } from '../inputs/input-alarm.js';
import type { Input, InputContext, InputFigures, Unanswered } from '../inputs/input.js';
import { inputModes } from '../inputs/modes.js';
import type { RuntimeConfig } from '../runtime-config.js';
import { ProcessorRun } from './processor-run.js';
import type { Front, ProcessorRunOptions } from './processor-run-options.js';

/** What runs with one input are configured with alike. */
export type SingleInputConfig = Omit<CompleteConsumerConfig, 'consumerId' | 'outputMode' | 'outputArgs'>;

export interface SingleInputRunOptions extends Omit<ProcessorRunOptions, 'config' | 'sequence' | 'inputChannel'> {
  readonly config: SingleInputConfig;
  /** Whether the mark of the end of an acquisition is published also when the last frame has it; see `Acquisitions`. */
  readonly alwaysMarks?: boolean;
}

/** A run that takes the objects of one input through processors: a consumer, a splitter. */
export abstract class SingleInputRun extends ProcessorRun {
  readonly #config: SingleInputConfig;
  readonly #book: FrameBook;
  #input: Input | undefined;

  protected constructor({ alwaysMarks = false, ...options }: SingleInputRunOptions) {
    const { config, logger } = options;
    const { channels, objectIdOffset: offset, sequentialUpdates } = config;
    const mayLeap = modeOf(inputModes, 'input', config.inputMode).countsGaps === false;
    const hasOpenTurns = config.distributor === undefined; // those of a distributor further up
    const sequence = { offset, sequentialUpdates, mayLeap, hasOpenTurns };
    super({ ...options, sequence, inputChannel: channels.input });
    this.#config = config;
    this.#book = new FrameBook({
      config,
      log: this.frames,
      logger,
      onFirst: (object, mayBeShown) => this.onFirst(object, mayBeShown),
      acquisitions: { ...this.acquisitionEvents(), alwaysMarks },
    });
  }

  override async drain(): Promise<void> {
    await this.#input?.exhausted?.();
    await super.drain();
  }

  override describeSearch(): string | undefined {
    return this.#input?.describeSearch?.();
  }

  override unanswered(): Unanswered[] {
    if (this.inputFigures().received > 0) return [];
    return this.unconnected().map((channel) => ({ channel, isFound: this.#input?.isFound === true }));
  }

  protected override unconnected(): string[] {
    return this.#input?.isConnected === true ? [] : [this.#config.channels.input];
  }

  protected override inputAlarm(): InputAlarm {
    const { alarm } = this.#book.intake;
    return this.#input?.isConnected === true && alarm !== undefined ? alarm : super.inputAlarm();
  }

  protected override inputFigures(): InputFigures {
    return this.#input?.figures() ?? { received: 0, bytes: 0, errors: 0, overruns: 0 };
  }

  protected override get skipped(): number {
    return this.#book.intake.skipped;
  }

  protected override acquisition(): AcquisitionStats {
    return this.#book.acquisitions.stats();
  }

  protected override acquisitionLost(): void {
    this.#book.acquisitions.lost();
  }

  protected override openFront(queue: SourceQueueOptions<PvObject>): Front {
    const { channels, receiverQueueSize, accumulateObjects: items, accumulationTimeout } = this.#config;
    const accumulates = receiverQueueSize >= 0 && items > 0;
    const accumulate = accumulates ? { items, timeoutMs: accumulationTimeout * 1000 } : undefined;
    const input = this.openInput(this.#inputContext());
    this.#input = input;
    return {
      sources: [{ name: channels.input, source: input, queue: { ...queue, accumulate } }],
      reader: this.#book.intake,
      observer: this.#book.observer(input),
    };
  }

  protected override reconfigure(runtime: RuntimeConfig): void {
    this.frames.setSequence(runtime.objectIdOffset, runtime.nSequentialUpdates);
    if (runtime.skipInitialUpdates !== undefined) this.#book.intake.toSkip = runtime.skipInitialUpdates;
  }

  protected override resetParts(): void {
    this.#input?.resetStats();
    this.#book.reset();
    super.resetParts();
  }

  protected override publish(value: PvObject): Promise<void> | undefined {
    this.#book.acquisitions.published(value);
    return this.output?.update(value);
  }

  protected override notPublished(value: PvObject, message: string): void {
    this.#book.notPublished(value, message);
  }

  /** Called once: where objects come from. */
  protected openInput(context: InputContext): Input {
    return modeOf(inputModes, 'input', this.#config.inputMode).open(context);
  }

  #inputContext(): InputContext {
    const { channels, inputArgs: args, objectIdField, fieldRequest, distributor } = this.#config;
    const { serverQueueSize, receiverQueueSize } = this.#config;
    return {
      config: { channel: channels.input, objectIdField, fieldRequest, serverQueueSize, distributor, args },
      client: () => this.client.get(),
      server: this.server,
      intake: this.#book.admission(),
      logger: this.logger,
      inputType: () => this.stages.inputType(),
      hasQueue: receiverQueueSize >= 0,
      onEnd: (error) => this.endRun(error),
    };
  }
}
