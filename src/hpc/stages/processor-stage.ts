import type { Logger } from '../../core/logger.js';
import type { StageOptions } from '../../pipeline/stage-options.js';
import { findProcessorClass, loadProcessor } from '../../processor/load-processor.js';
import { startProcessor, type ProcessorContext } from '../../processor/processor-host.js';
import { UserDataProcessor } from '../../processor/user-data-processor.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { HandOver } from './hand-over.js';
import { UserProcessor } from './user-processor.js';

/** Makes the processor that a configuration names. */
export type LoadProcessor = (config: ProcessorConfig) => Promise<UserDataProcessor>;

/** A processor that has been started, and as what the pipeline is to call it. */
interface Occupant {
  readonly user: UserProcessor;
  readonly config: ProcessorConfig;
  /** Where what it publishes goes to a next stage. */
  readonly handOver: HandOver | undefined;
}

/** Puts a processor in the place of another in the pipeline; rejects when the run ends before. */
export type TakePlace = (options: StageOptions<PvObject>) => Promise<void>;

/** A place in a chain of processors: the processor that has it may change, the place and its name stay. */
export class ProcessorStage {
  #occupant: Occupant;
  #replacing: Promise<void> = Promise.resolve();
  #context: ProcessorContext | undefined;
  #stopSeconds = 0;

  private constructor(
    readonly name: string,
    user: UserProcessor,
    config: ProcessorConfig,
    /** Whether what it publishes goes to a next stage. */
    readonly handsOn: boolean,
    readonly logger: Logger,
    private readonly load: LoadProcessor,
  ) {
    this.#occupant = { user, config, handOver: undefined };
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

  /** For the pipeline: the processor that has the place, once it was started. */
  options(): StageOptions<PvObject> {
    return this.#optionsOf(this.#occupant);
  }

  /**
   * @param stopSeconds so long its `stop` may take, at the end of the stream
   * @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START
   */
  async start(context: ProcessorContext, stopSeconds: number): Promise<void> {
    this.#context = context;
    this.#stopSeconds = stopSeconds;
    this.#occupant = await this.#started(this.#occupant.user, this.#occupant.config);
  }

  async configure(config: Record<string, unknown>): Promise<void> {
    await this.user.processor.configure(config);
    const { config: before } = this.#occupant;
    this.#occupant = { ...this.#occupant, config: { ...before, args: { ...before.args, ...config } } };
  }

  /**
   * Loads and starts another processor, gives it the place, and stops the one before, for no longer than `seconds`. Without a
   * file and a class it is the same processor, read anew from its file; it gets the arguments that this one was configured with
   * last, unless there are others. When it cannot be loaded or started, or does not get the place, all stays as it is.
   *
   * @param takePlace puts it in the place of the one before in the pipeline, without losing an object
   * @throws {PvaflowError} with the codes of `loadProcessor`, PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START
   */
  replace(config: ProcessorConfig, seconds: number, takePlace: TakePlace): Promise<void> {
    const replaced = this.#replacing.then(() => this.#replace(config, seconds, takePlace));
    this.#replacing = replaced.catch(() => {}); // the caller is told; the next may try
    return replaced;
  }

  async #replace(wanted: ProcessorConfig, seconds: number, takePlace: TakePlace): Promise<void> {
    const { config: before, user: old } = this.#occupant;
    const isSame = wanted.file === undefined && wanted.className === undefined;
    const config = isSame ? { ...before, args: wanted.args ?? before.args } : wanted;
    const user = new UserProcessor(this.name, await this.load(config), this.logger);
    const successor = await this.#started(user, config);
    try {
      await takePlace(this.#optionsOf(successor));
    } catch (error) {
      await user.stop(seconds);
      throw error;
    }
    this.#occupant = successor;
    await old.stop(seconds);
  }

  /**
   * As many objects may be in work as the processor wants, which may change while it runs. Where it hands on it is stopped when
   * nothing more will come, while the stages behind still work: what it publishes then goes through them.
   */
  #optionsOf({ user, handOver }: Occupant): StageOptions<PvObject> {
    const processor = handOver ?? user.processor;
    return {
      name: this.name,
      processor: { process: (object, context) => processor.process(object, context) },
      flush: handOver && (() => handOver.publishedBy(() => user.stop(this.#stopSeconds))),
      concurrency: () => (user.processor.concurrency >= 1 ? user.processor.concurrency : 1),
    };
  }

  async #started(user: UserProcessor, config: ProcessorConfig): Promise<Occupant> {
    const context = this.#context as ProcessorContext;
    const handOver = this.handsOn ? new HandOver(user.processor) : undefined;
    await startProcessor(user.processor, { ...context, host: handOver ?? context.host }, { ...config.args });
    return { user, config, handOver };
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
