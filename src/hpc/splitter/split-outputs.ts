import { messageOf } from '../../core/errors.js';
import { PvObject } from '../../pva/pv-object.js';
import type { PvType } from '../../pva/pv-type.js';
import type { Output, OutputContext, OutputMode } from '../outputs/output.js';
import { SplitOutput, type SplitOutputFigures } from './split-output.js';
import { Splitting, type SplitRule } from './splitting.js';
import type { CompleteSplitOutputConfig } from './splitter-config.js';

/** Several outputs as one, which chooses where an object goes. As long as one of them has no room it has none. */
export class SplitOutputs implements Output {
  readonly splitting: Splitting;
  readonly #outputs: readonly SplitOutput[];
  readonly #context: OutputContext;
  /** Objects that belong to no output. */
  #errors = 0;

  /** @param mode in which each of them publishes */
  constructor(
    mode: OutputMode,
    rule: SplitRule,
    outputs: readonly CompleteSplitOutputConfig[],
    context: OutputContext,
  ) {
    this.#context = context;
    this.#outputs = outputs.map(({ outputId, channel, onFull }) => {
      const config = { ...context.config, channel, onFull };
      return new SplitOutput(outputId, channel, mode.open({ ...context, config }));
    });
    this.splitting = new Splitting(rule, outputs.length);
  }

  get published(): number {
    return this.#sum(({ published }) => published);
  }

  get errors(): number {
    return this.#sum(({ errors }) => errors) + this.#errors;
  }

  get waiting(): number {
    return this.#sum(({ waiting }) => waiting);
  }

  get dropped(): number {
    return this.#sum(({ dropped }) => dropped);
  }

  get subscribers(): number {
    return this.#sum(({ subscribers }) => subscribers);
  }

  open(type: PvObject | PvType): void {
    for (const output of this.#outputs) output.open(type instanceof PvObject ? type.type : type);
  }

  update(value: PvObject): Promise<void> | undefined {
    const { splitting } = this;
    try {
      const index = splitting.cuts ? undefined : splitting.outputOf(value);
      return index === undefined ? this.#publishTiles(splitting.tilesOf(value)) : this.#outputs[index]?.publish(value);
    } catch (error) {
      this.#errors += 1;
      this.#context.onError(value, messageOf(error));
      return undefined;
    }
  }

  /** Publishes on all outputs, whatever is said about who gets what. */
  updateAll(value: PvObject): void {
    for (const output of this.#outputs) void output.publish(value);
  }

  ready(): Promise<void> | undefined {
    for (const { output } of this.#outputs) {
      const pending = output.ready();
      if (pending !== undefined) return pending;
    }
    return undefined;
  }

  /** What each of them did. */
  figures(): SplitOutputFigures[] {
    return this.#outputs.map((output) => output.figures());
  }

  resetStats(): void {
    this.#errors = 0;
    for (const output of this.#outputs) output.resetStats();
  }

  async flush(seconds: number): Promise<void> {
    await Promise.all(this.#outputs.map(({ output }) => output.flush(seconds)));
  }

  #publishTiles(tiles: readonly PvObject[]): Promise<void> | undefined {
    const waiting = tiles.flatMap((tile, index) => {
      const published = this.#outputs[index]?.publish(tile);
      tile.release();
      return published ?? [];
    });
    return waiting.length > 0 ? Promise.all(waiting).then(() => {}) : undefined;
  }

  #sum(of: (figures: SplitOutputFigures) => number): number {
    return this.#outputs.reduce((total, output) => total + of(output.figures()), 0);
  }
}
