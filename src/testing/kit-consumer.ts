import { getLogger } from '../core/logger.js';
import { completeConfig, type ConsumerConfig } from '../hpc/consumer-config.js';
import { firstRun } from '../hpc/consumer-status.js';
import { Consumer } from '../hpc/consumer.js';
import type { Input, InputContext, InputMode } from '../hpc/inputs/input.js';
import type { Front } from '../hpc/run/processor-run-options.js';
import { giveUpWhenStalled } from '../hpc/stall.js';
import type { LoadProcessor } from '../hpc/stages/processor-stage.js';
import { ProcessorStages } from '../hpc/stages/processor-stages.js';
import type { Observer } from '../pipeline/interfaces.js';
import type { SourceQueueOptions } from '../pipeline/receiver.js';
import type { PvObject } from '../pva/pv-object.js';
import { FedInput } from './fed-input.js';
import { recordedOutput } from './recorded-output.js';

/** What a test provides in the place of the network, and what it is told. */
export interface KitParts {
  /** Makes the processors; by default from what the configuration names. */
  readonly load: LoadProcessor | undefined;
  /** Told of each object before it is handed over, and whether it comes from a metadata channel of that name. */
  readonly onLent: (object: PvObject, metadataChannel?: string) => void;
  readonly onPublished: (value: PvObject) => void;
  /** What the last processor handed on. */
  readonly onReturned: (value: PvObject) => void;
  readonly observer: Observer<PvObject>;
}

/** The consumer itself, but for its channels: a test feeds it, and records what it gives. */
export class KitConsumer extends Consumer {
  readonly metadataInputs = new Map<string, FedInput>();
  readonly #parts: KitParts;
  #input: FedInput | undefined;
  #watch: Disposable | undefined;

  private constructor(config: ReturnType<typeof completeConfig>, stages: ProcessorStages, parts: KitParts) {
    super(config, stages, getLogger(`consumer-${config.consumerId}`), firstRun, recordedOutput(parts.onPublished));
    this.#parts = parts;
    this.server.unref();
  }

  /** @throws {PvaflowError} as `Consumer.create` does */
  static async open(config: ConsumerConfig, parts: KitParts): Promise<KitConsumer> {
    const complete = completeConfig({ skipInitialUpdates: 0, ...config });
    const logger = getLogger(`consumer-${complete.consumerId}`);
    return new KitConsumer(
      complete,
      await ProcessorStages.load(complete.processors, complete.passOn, logger, parts.load),
      parts,
    );
  }

  /** Where objects are put in; there once it was started. */
  get input(): FedInput {
    return this.#input as FedInput;
  }

  override async start(): Promise<void> {
    await super.start();
    const isIdle = () => this.pipeline.inFlight === 0;
    this.#watch = giveUpWhenStalled(this.pipeline, this.drainTimeout, this.logger, isIdle);
  }

  override async drain(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    await super.drain();
  }

  override async configure(config: Record<string, unknown>): Promise<void> {
    await super.configure(config);
  }

  protected override openInput(context: InputContext): Input {
    this.#input = new FedInput(context, (object) => this.#parts.onLent(object));
    return this.#input;
  }

  protected override get metadataModes(): Readonly<Record<string, InputMode>> {
    const mode: InputMode = {
      args: {},
      showsPresentValue: false,
      open: (context) => this.#openMetadata(context),
    };
    return { pva: mode, ca: mode };
  }

  protected override openFront(queue: SourceQueueOptions<PvObject>): Front {
    const front = super.openFront(queue);
    return { ...front, observer: both(this.#parts.observer, front.observer) };
  }

  protected override end(): (object: PvObject) => Promise<void> | undefined {
    const next = super.end();
    return (object) => {
      this.#parts.onReturned(object);
      return next?.(object);
    };
  }

  #openMetadata(context: InputContext): FedInput {
    const { channel } = context.config;
    const input = new FedInput(context, (object) => this.#parts.onLent(object, channel));
    this.metadataInputs.set(channel, input);
    return input;
  }
}

/** Both are told, in this order. */
function both(first: Observer<PvObject>, second: Observer<PvObject>): Observer<PvObject> {
  return {
    onRejected: (input, reason) => {
      first.onRejected?.(input, reason);
      second.onRejected?.(input, reason);
    },
    onFailed: (input, stage, error, cause) => {
      first.onFailed?.(input, stage, error, cause);
      second.onFailed?.(input, stage, error, cause);
    },
    onFault: (stage, error) => {
      first.onFault?.(stage, error);
      second.onFault?.(stage, error);
    },
    onProcessed: (input) => {
      first.onProcessed?.(input);
      second.onProcessed?.(input);
    },
  };
}
