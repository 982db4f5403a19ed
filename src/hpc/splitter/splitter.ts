import { getLogger, type Logger } from '../../core/logger.js';
import type { PvObject } from '../../pva/pv-object.js';
import type { TypeFields } from '../../pva/pv-type.js';
import { modeOf } from '../consumer-config.js';
import type { FrameReport } from '../loss-report.js';
import { outputModes } from '../outputs/modes.js';
import type { RunSnapshot } from '../run/processor-run.js';
import type { RuntimeSettings } from '../run/run-configuration.js';
import { SingleInputRun } from '../run/single-input-run.js';
import { ProcessorStages } from '../stages/processor-stages.js';
import { SplitOutputs } from './split-outputs.js';
import { completeSplitterConfig, type CompleteSplitterConfig, type SplitterConfig } from './splitter-config.js';
import { splitterHead, splitterStats, splitterTypes, splitterValues, type SplitterStats } from './splitter-stats.js';

/** Everything about a splitter at one moment, as plain data. */
export interface SplitterSnapshot extends RunSnapshot {
  readonly stats: SplitterStats;
}

/** What happened to every frame of a splitter's run, as it is written to a file. */
export interface SplitterReport extends FrameReport {
  splitterId: number;
  inputChannel: string;
  outputs: SplitOutputReport[];
}

/** What happened to the objects that were for one output: `routed = published + notPublished + waiting`. */
export interface SplitOutputReport {
  outputId: number;
  outputChannel: string;
  routed: number;
  published: number;
  notPublished: number;
  waiting: number;
  droppedForSubscribers: number;
  /** Of the routed, those that nobody was subscribed for. */
  unheard: number;
}

/**
 * A splitter: a consumer with several outputs. It receives objects, takes each through its processors, and publishes it on one of
 * the outputs, or cuts images into tiles, one for each output. It loses nothing as long as its source can wait.
 *
 * One run each: `create`, `start`, then `drain` or `abort`.
 */
export class Splitter extends SingleInputRun {
  private constructor(
    readonly config: CompleteSplitterConfig,
    stages: ProcessorStages,
    logger: Logger,
  ) {
    const { splitterId, channels, outputs, rule, outputMode, outputArgs: args } = config;
    const mode = modeOf(outputModes, 'output', outputMode);
    super({
      kind: 'splitter',
      id: splitterId,
      config: {
        ...config,
        channels: { ...channels, output: outputs.map(({ channel }) => channel).join(',') },
        passOn: true,
      },
      stages,
      logger,
      head: splitterHead(splitterId, channels.input),
      output: { mode: { ...mode, open: (context) => new SplitOutputs(mode, rule, outputs, context) }, args },
      alwaysMarks: rule.by !== 'tile', // the last frame goes to one output; each of its tiles has the mark
    });
  }

  /**
   * Checks the configuration and loads the processors. Without one, objects are split as they come.
   *
   * @throws {PvaflowError} PVAFLOW_OPTION, PVAFLOW_CONFIG, or with the codes of `loadProcessor`
   */
  static async create(config: SplitterConfig): Promise<Splitter> {
    const complete = completeSplitterConfig(config);
    const logger = getLogger(`splitter-${complete.splitterId}`);
    return new Splitter(complete, await ProcessorStages.load(complete.processors, true, logger), logger);
  }

  override stats(): SplitterStats {
    return splitterStats(super.stats(), this.#outputs.figures());
  }

  override snapshot(): SplitterSnapshot {
    return super.snapshot() as SplitterSnapshot;
  }

  override report(): SplitterReport {
    const { splitterId, channels } = this.config;
    const outputs = this.#outputs.figures().map((output) => ({
      outputId: output.outputId,
      outputChannel: output.channel,
      routed: output.routed,
      published: output.published,
      notPublished: output.errors,
      waiting: output.waiting,
      droppedForSubscribers: output.dropped,
      unheard: output.unheard,
    }));
    return { splitterId, inputChannel: channels.input, ...this.frameReport(), outputs };
  }

  protected override figureTypes(): TypeFields {
    const ids = this.config.outputs.map(({ outputId }) => outputId);
    return splitterTypes(ids, this.userTypes, this.config.metadataChannels.length);
  }

  protected override statusValues(): Record<string, unknown> {
    return splitterValues(this.stats(), this.userTypes);
  }

  protected override get runtimeSettings(): RuntimeSettings {
    const settings = super.runtimeSettings;
    const { splitting } = this.#outputs;
    return {
      keys: [...settings.keys, 'sequentialUpdates'],
      check: (config) => {
        settings.check(config);
        if (config['sequentialUpdates'] !== undefined) splitting.withUpdates(config['sequentialUpdates']);
      },
      take: (config) => {
        settings.take(config);
        if (config['sequentialUpdates'] !== undefined) splitting.setUpdates(config['sequentialUpdates']);
      },
    };
  }

  protected override publishMark(mark: PvObject): void {
    this.#outputs.updateAll(mark);
  }

  get #outputs(): SplitOutputs {
    return this.output as SplitOutputs;
  }
}
