import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, PvaflowError } from '../../core/errors.js';
import type { Logger } from '../../core/logger.js';
import { nearestName } from '../../core/nearest-name.js';
import type { ProcessorContext } from '../../processor/processor-host.js';
import { PvObject } from '../../pva/pv-object.js';
import type { PvType, TypeFields } from '../../pva/pv-type.js';
import type { ProcessorConfig } from '../consumer-config.js';
import { ProcessorStage, type LoadProcessor, type Undo } from './processor-stage.js';
import { isOvertakenAt } from './stage-place.js';
import type { UserProcessor } from './user-processor.js';

/** The processors of a chain, in their order. */
export class ProcessorStages {
  #shown: string | undefined;
  #finishing: Promise<string | undefined> | undefined;
  /** What the run failed with. */
  #hard: { readonly error: unknown; readonly stage: string } | undefined;

  private constructor(readonly list: readonly ProcessorStage[]) {}

  /**
   * Loads the processors; without any, one that hands objects on.
   *
   * @param passesOn whether the last one hands on too, instead of publishing itself
   * @param load makes the processors, where they come from elsewhere than from files
   * @throws {PvaflowError} with the codes of `loadProcessor`
   */
  static async load(
    configs: readonly ProcessorConfig[],
    passesOn: boolean,
    logger: Logger,
    load?: LoadProcessor,
  ): Promise<ProcessorStages> {
    const all = configs.length === 0 ? [{}] : configs;
    const names = new Set<string>();
    const stages: ProcessorStage[] = [];
    for (const [at, config] of all.entries()) {
      const around = {
        names,
        handsOn: passesOn || at < all.length - 1,
        isOvertaken: isOvertakenAt(all, at),
      };
      stages.push(await ProcessorStage.load(config, around, logger, load));
    }
    return new ProcessorStages(stages);
  }

  /**
   * The stage of that name; without a name, the only one.
   *
   * @throws {PvaflowError} PVAFLOW_CONFIG naming the nearest when there is none, all when there are several
   */
  named(name: string | undefined): ProcessorStage {
    const isMeant = (stage: ProcessorStage) => (name === undefined ? this.list.length === 1 : stage.name === name);
    const found = this.list.find(isMeant);
    if (found !== undefined) return found;
    const names = this.list.map((stage) => stage.name);
    if (name === undefined) throw new PvaflowError('PVAFLOW_CONFIG', `name the stage: ${names.join(', ')}`);
    const nearest = nearestName(name, names);
    const hint = nearest === undefined ? `There is ${names.join(', ')}.` : `Did you mean ${nearest}?`;
    throw new PvaflowError('PVAFLOW_CONFIG', `there is no stage ${name}. ${hint}`);
  }

  /** The last one, whose output is published. */
  get last(): UserProcessor {
    return (this.list.at(-1) as ProcessorStage).user;
  }

  /**
   * Configures and starts all. When one fails, those before it are stopped, each for no longer than `seconds`, as all are at the end.
   *
   * @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE, PVAFLOW_PROCESSOR_START
   */
  async start(context: ProcessorContext, seconds: number): Promise<void> {
    const started: ProcessorStage[] = [];
    try {
      for (const stage of this.list) {
        await stage.start(context, seconds);
        started.push(stage);
      }
    } catch (error) {
      for (const { user } of started) await user.stop(seconds);
      throw error;
    }
  }

  /**
   * All frames of an acquisition have come to their end. A promise when processors have something to finish then: it resolves to what
   * went wrong, if anything did.
   */
  finishAcquisition(): Promise<string | undefined> | undefined {
    const finishing = this.list.flatMap(({ user }) => user.finishAcquisition() ?? []);
    if (finishing.length === 0) return undefined;
    return (this.#finishing = Promise.all(finishing).then((problems) => {
      const found = problems.filter((problem) => problem !== undefined);
      return found.length === 0 ? undefined : found.join('; ');
    }));
  }

  /** Stops all, each for no longer than `seconds` without progress, and waits for no longer for what is being finished. */
  async stop(seconds: number): Promise<void> {
    for (const { user } of this.list) await user.stop(seconds);
    await Promise.race([this.#finishing, sleep(seconds * 1000, undefined, { ref: false })]);
  }

  /** The keys that any of them takes; undefined when not all of them tell. */
  get knownKeys(): readonly string[] | undefined {
    const known = this.list.map((stage) => stage.knownKeys);
    return known.includes(undefined) ? undefined : (known as string[][]).flat();
  }

  /** @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE what the first that objects to a configuration says */
  async check(config: Record<string, unknown>): Promise<void> {
    for (const stage of this.list) {
      await stage.check(config).catch((error: unknown) => {
        throw this.#refusal(stage, error);
      });
    }
  }

  /**
   * Configures all. When one throws after all, those before it get back what they had; the error names those of which that is not known.
   *
   * @throws {PvaflowError} PVAFLOW_PROCESSOR_CONFIGURE
   */
  async configure(config: Record<string, unknown>): Promise<void> {
    const done: { stage: ProcessorStage; undo: Undo }[] = [];
    for (const stage of this.list) {
      try {
        done.unshift({ stage, undo: await stage.configure(config) });
      } catch (error) {
        const kept: string[] = [];
        for (const each of done) if (!(await each.undo().catch(() => false))) kept.unshift(each.stage.name);
        throw this.#refusal(stage, error, kept);
      }
    }
  }

  /** @param kept the stages that have the new configuration although another refused it */
  #refusal({ name }: ProcessorStage, error: unknown, kept: readonly string[] = []): PvaflowError {
    const who = this.list.length > 1 ? `${name}: ` : '';
    const others = kept.length > 0 ? ` (${kept.join(', ')} took it: what was there before is not known)` : '';
    return new PvaflowError('PVAFLOW_PROCESSOR_CONFIGURE', `${who}${messageOf(error)}${others}`, { cause: error });
  }

  /** One of them failed: whether the run fails with it. */
  decisionOn(error: unknown, name: string): 'soft' | 'hard' {
    if (!this.list.some((stage) => stage.name === name && stage.failsRun)) return 'soft';
    this.#hard = { error, stage: name };
    return 'hard';
  }

  /** What is told of the error that the run failed with, if it was one of theirs. */
  failureOf(error: unknown): PvaflowError | undefined {
    const hard = this.#hard;
    if (hard === undefined || hard.error !== error) return undefined;
    const message = `${hard.stage} failed, and the run with it (onError: hard): ${messageOf(error)}`;
    return new PvaflowError('PVAFLOW_PROCESSOR_FAILED', message, { cause: error });
  }

  resetStats(): void {
    for (const { user } of this.list) user.resetStats();
  }

  /** How often the `stop` of one of them came further. */
  get stopSteps(): number {
    return this.list.reduce((sum, { user }) => sum + user.stopSteps, 0);
  }

  /** Whether one of them is being stopped, which has its own time. */
  get isStopping(): boolean {
    return this.list.some(({ user }) => user.isStopping);
  }

  /** Whether the `stop` of any threw: what it should have finished may not be. */
  get stopFailed(): boolean {
    return this.list.some(({ user }) => user.stopFailed);
  }

  /** What the first processor takes; null when it names no type. */
  inputType(): PvObject | PvType | null | undefined {
    return this.list[0]?.user.inputType();
  }

  /** The type of what the last processor gives, as far as each can tell; null when it wants no channel. */
  outputType(first: PvObject): PvObject | PvType | null | undefined {
    let type: PvObject | PvType | null | undefined = first;
    for (const { user } of this.list) {
      if (type === null || type === undefined) return undefined;
      type = user.outputType(type instanceof PvObject ? type : new PvObject(type));
    }
    return type;
  }

  /** The types of the figures of each stage's processor, by the name of the stage. */
  statsTypes(): Record<string, TypeFields> {
    const types = Object.fromEntries(this.list.map(({ name, user }) => [name, user.statsTypes()]));
    this.#shown = this.list.findLast(({ name }) => Object.keys(types[name] ?? {}).length > 0)?.name;
    return types;
  }

  /** These figures. */
  stats(): Record<string, Record<string, unknown>> {
    return Object.fromEntries(this.list.map(({ name, user }) => [name, user.stats()]));
  }

  /** The stage whose figures are pvaPy's `userStats`: the last that has types of them, once they were asked for. */
  get shown(): string {
    return this.#shown ?? (this.list.at(-1) as ProcessorStage).name;
  }
}

/**
 * Refuses what nobody takes.
 *
 * @param known undefined: anything may be known
 * @throws {PvaflowError} PVAFLOW_CONFIG naming the key, and the nearest that is known
 */
export function refuseUnknown(config: Readonly<Record<string, unknown>>, known: readonly string[] | undefined): void {
  const unknown = known && Object.keys(config).find((key) => !known.includes(key));
  if (known === undefined || unknown === undefined) return;
  const nearest = nearestName(unknown, known);
  const all = known.length === 0 ? 'None is known here.' : `Known are ${[...new Set(known)].join(', ')}.`;
  const hint = nearest === undefined ? all : `Did you mean "${nearest}"?`;
  throw new PvaflowError('PVAFLOW_CONFIG', `${unknown}: unknown key. ${hint}`);
}
