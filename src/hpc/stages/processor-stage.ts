import type { Logger } from '../../core/logger.js';
import type { EventContext, Processor, ProcessResult } from '../../pipeline/interfaces.js';
import { findProcessorClass, loadProcessor } from '../../processor/load-processor.js';
import { startProcessor, type ProcessorContext } from '../../processor/processor-host.js';
import { UserDataProcessor } from '../../processor/user-data-processor.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { HandOver } from './hand-over.js';
import { isPromise, isSeveral, type Given, type Several } from './results.js';
import { UserProcessor } from './user-processor.js';

/** Makes the processor that a configuration names. */
export type LoadProcessor = (config: ProcessorConfig) => Promise<UserDataProcessor>;

/** A processor that has been started, and as what the pipeline is to call it. */
interface Occupant {
  readonly user: UserProcessor;
  readonly config: ProcessorConfig;
  readonly processor: Pick<UserDataProcessor, 'process'>;
}

/** A place in a chain of processors: the processor that has it may change, the place and its name stay. */
export class ProcessorStage implements Processor<PvObject> {
  #occupant: Occupant;
  /** Takes the place as soon as no object is in work. */
  #successor: Occupant | undefined;
  #onSucceeded: () => void = () => {};
  #replacing: Promise<void> = Promise.resolve();
  /** Objects in work that are not done at once. */
  #inWork = 0;
  #context: ProcessorContext | undefined;

  private constructor(
    readonly name: string,
    user: UserProcessor,
    config: ProcessorConfig,
    /** Whether what it publishes goes to a next stage. */
    readonly handsOn: boolean,
    readonly logger: Logger,
    private readonly load: LoadProcessor,
  ) {
    this.#occupant = { user, config, processor: user.processor };
  }

  /**
   * @param names those that are taken; the name of this stage is added
   * @throws {PvaflowError} with the codes of `loadProcessor`
   */
  static async load(
    config: ProcessorConfig,
    names: Set<string>,
    handsOn: boolean,
    logger: Logger,
    load: LoadProcessor = loadConfigured,
  ): Promise<ProcessorStage> {
    const processor = await load(config);
    const name = takeName(config.name ?? nameOf(processor.constructor), names);
    return new ProcessorStage(name, new UserProcessor(name, processor, logger), config, handsOn, logger, load);
  }

  get user(): UserProcessor {
    return this.#occupant.user;
  }

  /** How many objects may be in work: as the processor wants it, and none while it leaves. */
  get concurrency(): number {
    if (this.#successor !== undefined) return 0;
    const { concurrency } = this.#occupant.user.processor;
    return concurrency >= 1 ? concurrency : 1;
  }

  /** Called by the pipeline for no more objects at a time than `concurrency`. */
  process(object: PvObject, context: EventContext): ProcessResult<PvObject> {
    const result = this.#occupant.processor.process(object, context);
    if (isPromise(result) || isSeveral(result)) return this.#untilIdle(result);
    return result;
  }

  /** @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START */
  async start(context: ProcessorContext): Promise<void> {
    this.#context = context;
    this.#occupant = await this.#started(this.#occupant.user, this.#occupant.config);
  }

  async configure(config: Record<string, unknown>): Promise<void> {
    await this.user.processor.configure(config);
    const { config: before } = this.#occupant;
    this.#occupant = { ...this.#occupant, config: { ...before, args: { ...before.args, ...config } } };
  }

  /**
   * Loads and starts another processor, lets it take the place between two objects, and stops the one before, for no longer
   * than `seconds`. Without a file and a class it is the same processor, read anew from its file; it gets the arguments that
   * this one was configured with last, unless there are others. When it cannot be loaded or started all stays as it is.
   *
   * @throws {PvaflowError} with the codes of `loadProcessor`, PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START
   */
  replace(config: ProcessorConfig, seconds: number): Promise<void> {
    const replaced = this.#replacing.then(() => this.#replace(config, seconds));
    this.#replacing = replaced.catch(() => {}); // the caller is told; the next may try
    return replaced;
  }

  async #replace(wanted: ProcessorConfig, seconds: number): Promise<void> {
    const { config: before, user: old } = this.#occupant;
    const isSame = wanted.file === undefined && wanted.className === undefined;
    const config = isSame ? { ...before, args: wanted.args ?? before.args } : wanted;
    const user = new UserProcessor(this.name, await this.load(config), this.logger);
    const successor = await this.#started(user, config);
    await new Promise<void>((resolve) => {
      this.#successor = successor;
      this.#onSucceeded = resolve;
      if (this.#inWork === 0) this.#succeed();
    });
    await old.stop(seconds);
  }

  #succeed(): void {
    if (this.#successor === undefined) return;
    this.#occupant = this.#successor;
    this.#successor = undefined;
    this.#onSucceeded();
  }

  async #started(user: UserProcessor, config: ProcessorConfig): Promise<Occupant> {
    const context = this.#context as ProcessorContext;
    const handOver = this.handsOn ? new HandOver(user.processor) : undefined;
    await startProcessor(user.processor, { ...context, host: handOver ?? context.host }, { ...config.args });
    return { user, config, processor: handOver ?? user.processor };
  }

  /** Knows until when an object is in work that is not done at once. */
  #untilIdle(result: PromiseLike<Given | Several> | Several): ProcessResult<PvObject> {
    this.#inWork += 1;
    if (isSeveral(result)) return this.#untilLast(result);
    return result.then(
      (given) => (isSeveral(given) ? this.#untilLast(given) : this.#idle(given)),
      (error: unknown) => {
        this.#idle(undefined);
        throw error;
      },
    );
  }

  async *#untilLast(results: Several): AsyncGenerator<PvObject, void, undefined> {
    try {
      for (let step = await results.next(); step.done !== true; step = await results.next()) yield step.value;
    } finally {
      this.#idle(undefined);
    }
  }

  #idle<T>(given: T): T {
    this.#inWork -= 1;
    if (this.#inWork === 0) this.#succeed();
    return given;
  }
}

async function loadConfigured({ file, className, args }: ProcessorConfig): Promise<UserDataProcessor> {
  const given = { ...args };
  if (file === undefined && className === undefined) return new UserDataProcessor(given);
  return loadProcessor({ file, className, args: given });
}

/** `Threshold` is shown as `threshold`; without a class of the user's, objects pass through. */
function nameOf(type: { readonly name: string }): string {
  if (type === UserDataProcessor) return 'passThrough';
  return type.name === '' ? 'processor' : type.name.charAt(0).toLowerCase() + type.name.slice(1);
}

/** The second `threshold` is `threshold2`. */
export function takeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}${number}`;
  taken.add(free);
  return free;
}

/**
 * The name that the stage of a processor has, if no other of its chain has it.
 *
 * @throws {PvaflowError} with the codes of `findProcessorClass`
 */
export async function stageNameOf({ name, file, className }: ProcessorConfig): Promise<string> {
  if (name !== undefined) return name;
  if (file === undefined && className === undefined) return nameOf(UserDataProcessor);
  return nameOf((await findProcessorClass({ file, className })).type);
}
