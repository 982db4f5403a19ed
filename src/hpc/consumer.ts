import { getLogger, type Logger } from '../core/logger.js';
import { messageOf, PvaflowError } from '../core/errors.js';
import type { TypeFields } from '../pva/pv-type.js';
import { completeConfig, modeOf, type CompleteConsumerConfig, type ConsumerConfig } from './consumer-config.js';
import { consumerHead, consumerTypes, consumerValues, firstRun, type RunHistory } from './consumer-status.js';
import type { LossReport } from './loss-report.js';
import { outputModes } from './outputs/modes.js';
import type { OutputMode } from './outputs/output.js';
import { ReceivedIds } from './ids/received-ids.js';
import type { RunSnapshot } from './run/processor-run.js';
import { SingleInputRun } from './run/single-input-run.js';
import { ProcessorStages } from './stages/processor-stages.js';

/** Everything about a consumer at one moment, as plain data. */
export type ConsumerSnapshot = RunSnapshot;

/**
 * A consumer: it receives objects, takes each through its processors, publishes what they hand over, and tells on a status
 * channel how it does. It loses nothing as long as its source can wait.
 *
 * One run each: `create`, `start`, then `drain` or `abort`.
 */
export class Consumer extends SingleInputRun {
  protected constructor(
    readonly config: CompleteConsumerConfig,
    stages: ProcessorStages,
    logger: Logger,
    history: RunHistory,
    mode: OutputMode = modeOf(outputModes, 'output', config.outputMode),
  ) {
    const { consumerId, channels, outputArgs: args } = config;
    super({
      kind: 'consumer',
      id: consumerId,
      config,
      stages,
      logger,
      head: consumerHead(consumerId, channels.input, history),
      output: { mode, args },
    });
  }

  /**
   * Checks the configuration and loads the processors. Without one, objects are handed on as they are.
   *
   * @param history of the process that it runs in, for the status channel
   * @param log where it logs, unless that is named after its id
   * @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG, or with the codes of `loadProcessor`
   */
  static async create(config: ConsumerConfig, history: RunHistory = firstRun, log?: Logger): Promise<Consumer> {
    const complete = completeConfig(config);
    const logger = log ?? getLogger(`consumer-${complete.consumerId}`);
    const stages = await ProcessorStages.load(complete.processors, complete.passOn, logger);
    return new Consumer(complete, stages, logger, history);
  }

  override report(): LossReport {
    const { consumerId, channels } = this.config;
    return { consumerId, inputChannel: channels.input, ...this.frameReport() };
  }

  /** Writes down which ids come from now on. */
  recordIds(): ReceivedIds {
    const ids = new ReceivedIds();
    this.frames.ids.received = ids;
    return ids;
  }

  protected override figureTypes(): TypeFields {
    return consumerTypes(this.userTypes, this.config.metadataChannels.length);
  }

  protected override statusValues(): Record<string, unknown> {
    return consumerValues(this.stats(), this.userTypes);
  }

  protected override failureOf(error: unknown): PvaflowError {
    const failure = super.failureOf(error);
    if (failure.code !== 'PVAFLOW_STREAM') return failure;
    const message = `${this.config.channels.input}: ${messageOf(error)}`;
    return new PvaflowError('PVAFLOW_CONSUMER', message, { cause: error });
  }
}
