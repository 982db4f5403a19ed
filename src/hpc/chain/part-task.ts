/** One part of a chain that was cut, in a child of the supervisor. */
import { PvaflowError } from '../../core/errors.js';
import type { PvaClientConfig } from '../../pva/config.js';
import type { Task, TaskContext, TaskShape } from '../../supervisor/task.js';
import type { ConsumerConfig } from '../consumer-config.js';
import type { UserTypes } from '../consumer-status.js';
import { Consumer } from '../consumer.js';
import { ConsumerTask, type ConsumerTaskStats } from '../consumers/consumer-task.js';
import type { LossReport } from '../loss-report.js';
import { LinkOutput } from '../outputs/link.js';
import { stageNameOf } from '../stages/processor-stage.js';
import { isOvertakenAt } from '../stages/stage-place.js';
import { partConfig, processorsOf, type LinkPorts, type PartPlace } from './part-config.js';

/** What a part learns when all parts are loaded. */
export interface PartSetup {
  /** The names of its stages: no two of a chain have the same. */
  readonly names: readonly string[];
  readonly ports: LinkPorts;
}

export interface PartTaskConfig {
  /** Of the whole chain. */
  readonly chain: ConsumerConfig;
  readonly place: PartPlace;
  /** Known when it is started again: then it takes its place at once. */
  readonly setup: PartSetup | undefined;
}

/** Where a part is found. */
export interface PartAddress {
  /** By the next part; undefined for the last. */
  readonly port: number | undefined;
  /** For a client of the channels of this part. */
  readonly client: PvaClientConfig;
}

export interface PartTaskShape extends TaskShape {
  config: PartTaskConfig;
  info: {
    /** The names that its stages would have if there were no others. */
    readonly names: readonly string[];
    /** Known when it was started again. */
    readonly address: PartAddress | undefined;
  };
  stats: ConsumerTaskStats | undefined;
  report: LossReport | undefined;
}

/** Has a part take its place, with a {@link PartSetup}; it answers with its {@link PartAddress}. */
export const SETUP_REQUEST = 'setup';
/** Asks a part to begin; it answers with a {@link PartRun} when it has. */
export const RUN_REQUEST = 'run';
/** Has a part carry out a command of the control channel; it answers with a {@link CommandAnswer}. */
export const COMMAND_REQUEST = 'command';

export interface CommandRequest {
  readonly name: string;
  readonly args: string;
}

export interface CommandAnswer {
  readonly message: string;
  /** As they are after the command. */
  readonly userTypes: UserTypes;
}

export interface PartRun {
  /** Where the input channel is looked for. */
  readonly search: string | undefined;
  readonly userTypes: UserTypes;
}

/**
 * A consumer in three steps: its processors are loaded, which takes longest and which all parts do at the same time; it gets its
 * place between the others; it begins, when all are there.
 */
class PartTask implements Task<PartTaskShape> {
  readonly ended: Promise<void>;
  #address: PartAddress | undefined;
  #consumer: Consumer | undefined;
  #task: ConsumerTask | undefined;
  #settleEnded!: { resolve: () => void; reject: (error: unknown) => void };

  private constructor(
    readonly names: readonly string[],
    readonly config: PartTaskConfig,
    readonly context: TaskContext,
  ) {
    this.ended = new Promise((resolve, reject) => (this.#settleEnded = { resolve, reject }));
  }

  static async load(config: PartTaskConfig, context: TaskContext): Promise<PartTask> {
    const { place, chain, setup } = config;
    const names = [];
    for (const [at, processor] of processorsOf(chain, place).entries())
      names.push(await stageNameOf(processor, isOvertakenAt(chain.processors ?? [], place.from + at)));
    const task = new PartTask(names, config, context);
    if (setup !== undefined) await task.#setUp(setup);
    return task;
  }

  get info(): PartTaskShape['info'] {
    return { names: this.names, address: this.#address };
  }

  async answer(request: string, args: unknown): Promise<unknown> {
    if (request === SETUP_REQUEST) return this.#orEnd(() => this.#setUp(args as PartSetup));
    const task = this.#task;
    const consumer = this.#consumer;
    if (task === undefined || consumer === undefined)
      throw new PvaflowError('PVAFLOW_CHILD', 'the part has no place yet');
    if (request === RUN_REQUEST) return this.#orEnd(() => this.#run(consumer));
    if (request !== COMMAND_REQUEST) return task.answer(request);
    const { name, args: text } = args as CommandRequest;
    const message = await consumer.command(name, text);
    return { message, userTypes: consumer.userTypes } satisfies CommandAnswer;
  }

  stats(): ConsumerTaskStats | undefined {
    return this.#task?.stats();
  }

  progress(): number {
    return this.#task?.progress() ?? 0;
  }

  stuckMs(): number {
    return this.#task?.stuckMs() ?? 0;
  }

  report(): LossReport | undefined {
    return this.#task?.report();
  }

  async drain(): Promise<void> {
    await this.#consumer?.drain();
  }

  async abort(): Promise<void> {
    await this.#consumer?.abort();
  }

  /** A part has the name of its first stage, and so has its status channel. */
  async #setUp({ names, ports }: PartSetup): Promise<PartAddress> {
    const { chain, place } = this.config;
    const { nRestarts, lastExit, logger } = this.context;
    const [part = ''] = names;
    const processors = processorsOf(chain, place).map((each, at) => ({ ...each, name: names[at] }));
    const { channels, ...others } = partConfig(chain, place, ports);
    const status = channels.status && `${channels.status}:${part}`;
    const config = { ...others, processors, channels: { ...channels, status } };
    const consumer = await Consumer.create(config, { nRestarts, lastExit }, logger);
    logger.info(`${names.join(' → ')} in process ${process.pid}`);
    this.#consumer = consumer;
    this.#task = new ConsumerTask(consumer, consumer.recordIds(), { part });
    consumer.ended.then(this.#settleEnded.resolve, this.#settleEnded.reject);
    const { output } = consumer;
    const port = output instanceof LinkOutput ? output.port : undefined;
    return (this.#address = { port, client: consumer.clientConfig() });
  }

  async #run(consumer: Consumer): Promise<PartRun> {
    await consumer.start();
    return { search: consumer.describeSearch(), userTypes: consumer.userTypes };
  }

  /** What keeps it from beginning is its end. */
  async #orEnd<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      this.#settleEnded.reject(error);
      throw error;
    }
  }
}

export function startTask(config: PartTaskConfig, context: TaskContext): Promise<PartTask> {
  return PartTask.load(config, context);
}
