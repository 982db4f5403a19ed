/** One part of a chain that was cut, in a child of the supervisor. */
import { PvaflowError } from '../../core/errors.js';
import type { TaskContext } from '../../supervisor/task.js';
import type { ConsumerConfig } from '../consumer-config.js';
import type { UserTypes } from '../consumer-status.js';
import { Consumer } from '../consumer.js';
import { ConsumerTask, type ConsumerTaskShape } from '../consumers/consumer-task.js';
import { LinkOutput } from '../outputs/link.js';
import { withStageNames } from '../stages/processor-stage.js';

export interface PartTaskConfig {
  readonly consumer: ConsumerConfig;
  /** Names of the stages of the other parts. */
  readonly taken: readonly string[];
}

export interface PartTaskShape extends Omit<ConsumerTaskShape, 'config'> {
  config: PartTaskConfig;
  info: ConsumerTaskShape['info'] & {
    /** Where the next part finds this one; undefined for the last. */
    readonly port: number | undefined;
  };
}

/** Asks a part to begin; it answers when it has. */
export const RUN_REQUEST = 'run';
/** Has a part carry out a command of the control channel. */
export const COMMAND_REQUEST = 'command';

export interface CommandRequest {
  readonly name: string;
  readonly args: string;
}

/**
 * A consumer that begins when it is told to: the source is asked for objects when all parts are there, and not while the last
 * of them still load.
 */
class PartTask extends ConsumerTask {
  override readonly ended: Promise<void>;
  override readonly info: PartTaskShape['info'];
  #fail!: (error: unknown) => void;

  constructor(consumer: Consumer, part: string) {
    super(consumer, consumer.recordIds(), { part });
    const { output } = consumer;
    this.info = {
      processors: consumer.stages.list.map(({ name }) => name),
      search: undefined,
      client: consumer.clientConfig(),
      port: output instanceof LinkOutput ? output.port : undefined,
    };
    const failed = new Promise<never>((_resolve, reject) => (this.#fail = reject));
    this.ended = Promise.race([consumer.ended, failed]);
  }

  override async answer(request: string, args: unknown): Promise<unknown> {
    if (request === RUN_REQUEST) return this.#run();
    if (request !== COMMAND_REQUEST) return super.answer(request);
    const { name, args: text } = args as CommandRequest;
    return this.consumer.command(name, text);
  }

  /** What keeps it from beginning is its end. */
  async #run(): Promise<PartRun> {
    try {
      await this.consumer.start();
    } catch (error) {
      this.#fail(error);
      throw error;
    }
    return { search: this.consumer.describeSearch(), userTypes: this.consumer.userTypes };
  }
}

/** The answer to {@link RUN_REQUEST}. */
export interface PartRun {
  /** Where the input channel is looked for. */
  readonly search: string | undefined;
  readonly userTypes: UserTypes;
}

/** A part has the name of its first stage, and so has its status channel. */
export async function startTask({ consumer: config, taken }: PartTaskConfig, context: TaskContext): Promise<PartTask> {
  const processors = await withStageNames(config.processors ?? [], taken);
  const part = processors[0]?.name;
  if (part === undefined) throw new PvaflowError('PVAFLOW_CHILD', 'a part of a chain needs a processor');
  const { status } = config.channels;
  const channels = { ...config.channels, status: status && `${status}:${part}` };
  const { nRestarts, lastExit, logger } = context;
  const consumer = await Consumer.create({ ...config, processors, channels }, { nRestarts, lastExit }, logger);
  logger.info(`${processors.map(({ name }) => name).join(' → ')} in process ${process.pid}`);
  return new PartTask(consumer, part);
}
