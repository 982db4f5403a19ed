import { PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { pathText } from '../../core/schema/problem.js';
import type { StageOptions } from '../../pipeline/stage-options.js';
import { knownKeysOf, ownConfig, runtimeProblems } from '../../processor/config-schema.js';
import { findProcessorClass, loadProcessor } from '../../processor/load-processor.js';
import { startProcessor, type ProcessorContext } from '../../processor/processor-host.js';
import { UserDataProcessor } from '../../processor/user-data-processor.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { HandOver } from './hand-over.js';
import { edgeOf, refuseOvertaken, type StagePlace } from './stage-place.js';
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

/** Takes back what was done; gives whether it could. */
export type Undo = () => Promise<boolean>;

/** Puts a processor in the place of another in the pipeline; rejects when the run ends before. */
export type TakePlace = (options: StageOptions<PvObject>) => Promise<void>;

/** What is around a place in a chain of processors. */
export interface Surroundings {
  /** Names that are taken; that of the place is added. */
  readonly names: Set<string>;
  /** Whether what its processor publishes goes to a next stage. */
  readonly handsOn: boolean;
  /** Whether objects may overtake each other before they come to it. */
  readonly isOvertaken: boolean;
}

/** A place in a chain of processors: the processor that has it may change, the place and its name stay. */
export class ProcessorStage {
  readonly #place: StagePlace;
  #occupant: Occupant;
  #replacing: Promise<void> = Promise.resolve();
  #context: ProcessorContext | undefined;
  #stopSeconds = 0;

  private constructor(
    readonly name: string,
    user: UserProcessor,
    config: ProcessorConfig,
    private readonly around: Surroundings,
    readonly logger: Logger,
    private readonly load: LoadProcessor,
  ) {
    this.#place = config;
    this.#occupant = { user, config, handOver: undefined };
  }

  /** @throws {PvaflowError} with the codes of `loadProcessor`; PVAFLOW_CONFIG when it needs the order of objects, which is lost */
  static async load(
    config: ProcessorConfig,
    around: Surroundings,
    logger: Logger,
    load: LoadProcessor = loadConfigured,
  ): Promise<ProcessorStage> {
    const processor = await load(config);
    if (around.isOvertaken) refuseOvertaken(processor.constructor);
    const name = takeName(config.name ?? nameOf(processor.constructor), around.names);
    return new ProcessorStage(name, new UserProcessor(name, processor, logger), config, around, logger, load);
  }

  get user(): UserProcessor {
    return this.#occupant.user;
  }

  /** The keys of the configuration that its processor takes; undefined when it does not tell. */
  get knownKeys(): readonly string[] | undefined {
    return knownKeysOf(this.user.processor);
  }

  /** Whether the run fails when a processor of this place fails on an object. */
  get failsRun(): boolean {
    return this.#place.onError === 'hard';
  }

  /** For the pipeline: the processor that has the place, once it was started. */
  options(): StageOptions<PvObject> {
    return { ...this.#optionsOf(this.#occupant), edge: edgeOf(this.#place) };
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

  /** @throws what is wrong with what its processor is to be configured with */
  async check(config: Record<string, unknown>): Promise<void> {
    const { processor } = this.user;
    const problems = await runtimeProblems(processor, config, this.#args);
    if (problems.length > 0) {
      const texts = problems.map(({ path, message }) => [pathText(path), message].filter(Boolean).join(': '));
      throw new PvaflowError('PVAFLOW_PROCESSOR_CONFIG', texts.join('; '));
    }
    await processor.checkConfigure(config);
  }

  /** @returns has the processor configured as before, if it is known how that was; gives whether it is */
  async configure(config: Record<string, unknown>): Promise<Undo> {
    const { user } = this.#occupant;
    const args = this.#args;
    const own = ownConfig(user.processor, config);
    await user.processor.configure(config);
    this.#noteArgs({ ...args, ...own });
    return async () => {
      const keys = Object.keys(own);
      if (!keys.every((key) => key in args)) return false;
      this.#noteArgs(args);
      if (keys.length > 0) await user.processor.configure(Object.fromEntries(keys.map((key) => [key, args[key]])));
      return true;
    };
  }

  /** What its processor was configured with. */
  get #args(): Readonly<Record<string, unknown>> {
    return this.#occupant.config.args ?? {};
  }

  #noteArgs(args: Readonly<Record<string, unknown>>): void {
    this.#occupant = { ...this.#occupant, config: { ...this.#occupant.config, args } };
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
    if (this.around.isOvertaken) refuseOvertaken(user.processor.constructor);
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
      order: this.#place.order,
    };
  }

  async #started(user: UserProcessor, config: ProcessorConfig): Promise<Occupant> {
    const context = this.#context as ProcessorContext;
    const { processor } = user;
    const { concurrency = processor.concurrency } = this.#place;
    processor.concurrency = concurrency;
    const handOver = this.around.handsOn ? new HandOver(processor) : undefined;
    await startProcessor(processor, { ...context, host: handOver ?? context.host }, { ...config.args });
    if (this.#place.concurrency !== undefined && processor.concurrency !== concurrency) {
      await user.stop(this.#stopSeconds);
      const decides = `the processor decides itself how many objects it has in work, as its own configuration says`;
      throw new PvaflowError('PVAFLOW_CONFIG', `${this.name}: concurrency ${concurrency} cannot be: ${decides}`);
    }
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
 * @param isOvertaken whether objects may overtake each other before they come to it
 * @throws {PvaflowError} with the codes of `findProcessorClass`; PVAFLOW_CONFIG as `ProcessorStage.load`
 */
export async function stageNameOf({ name, file, className }: ProcessorConfig, isOvertaken: boolean): Promise<string> {
  const isPlain = file === undefined && className === undefined;
  if (isPlain) return name ?? nameOf(UserDataProcessor);
  if (name !== undefined && !isOvertaken) return name;
  const { type } = await findProcessorClass({ file, className });
  if (isOvertaken) refuseOvertaken(type);
  return name ?? nameOf(type);
}
