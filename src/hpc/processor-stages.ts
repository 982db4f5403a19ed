import type { Logger } from '../core/logger.js';
import { loadProcessor } from '../processor/load-processor.js';
import { startProcessor, type ProcessorContext } from '../processor/processor-host.js';
import { UserDataProcessor } from '../processor/user-data-processor.js';
import { PvObject } from '../pva/pv-object.js';
import type { PvType, TypeFields } from '../pva/pv-type.js';
import type { ProcessorConfig } from './consumer-config.js';
import { UserProcessor } from './user-processor.js';

/** The processors of a chain, in their order, each under a name of its own. */
export class ProcessorStages {
  readonly list: readonly UserProcessor[];
  /** The processor whose figures are the user's. */
  #shown: UserProcessor | undefined;

  private constructor(
    processors: readonly UserDataProcessor[],
    readonly configs: readonly ProcessorConfig[],
    logger: Logger,
  ) {
    const names = new Set<string>();
    this.list = processors.map((processor) => new UserProcessor(processor, logger, names));
  }

  /**
   * Loads the processors; without any, one that hands objects on.
   *
   * @throws {PvaflowError} with the codes of `loadProcessor`
   */
  static async load(configs: readonly ProcessorConfig[], logger: Logger): Promise<ProcessorStages> {
    const all = configs.length === 0 ? [{}] : configs;
    const processors: UserDataProcessor[] = [];
    for (const config of all) processors.push(await load(config));
    return new ProcessorStages(processors, all, logger);
  }

  /** The processor of this stage, from 0; the last for -1. */
  at(index: number): UserProcessor {
    const found = this.list.at(index);
    if (found === undefined) throw new RangeError(`there is no processor number ${index + 1}`);
    return found;
  }

  /** The one whose output is published. */
  get last(): UserProcessor {
    return this.at(-1);
  }

  /** @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START */
  async start(context: ProcessorContext): Promise<void> {
    for (const [at, { processor }] of this.list.entries()) {
      await startProcessor(processor, context, { ...this.configs[at]?.args });
    }
  }

  /** Stops all, each for no longer than `seconds`. */
  async stop(seconds: number): Promise<void> {
    for (const user of this.list) await user.stop(seconds);
  }

  async configure(config: Record<string, unknown>): Promise<void> {
    for (const { processor } of this.list) await processor.configure(config);
  }

  resetStats(): void {
    for (const user of this.list) user.resetStats();
  }

  /** Whether the `stop` of any threw: what it should have finished may not be. */
  get stopFailed(): boolean {
    return this.list.some((user) => user.stopFailed);
  }

  /** The types of the user's figures: those of the last processor that has any. To be asked before `stats`. */
  statsTypes(): TypeFields {
    for (const user of this.list.toReversed()) {
      const types = user.statsTypes();
      if (Object.keys(types).length === 0) continue;
      this.#shown = user;
      return types;
    }
    return {};
  }

  /** The user's figures, of the same processor. */
  stats(): Record<string, unknown> {
    return (this.#shown ?? this.last).stats();
  }

  /** What the first processor takes; null when it names no type. */
  inputType(): PvObject | PvType | null | undefined {
    return this.at(0).inputType();
  }

  /** The type of what the last processor gives, as far as each can tell; null when it wants no channel. */
  outputType(first: PvObject): PvObject | PvType | null | undefined {
    let type: PvObject | PvType | null | undefined = first;
    for (const user of this.list) {
      if (type === null || type === undefined) return type;
      type = user.outputType(type instanceof PvObject ? type : new PvObject(type));
    }
    return type;
  }
}

async function load({ file, className, args }: ProcessorConfig): Promise<UserDataProcessor> {
  const given = { ...args };
  if (file === undefined && className === undefined) return new UserDataProcessor(given);
  return loadProcessor({ file, className, args: given });
}
