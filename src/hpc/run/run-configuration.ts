import { refuseUnknown, type ProcessorStages } from '../stages/processor-stages.js';

/** What may be configured of a run while it goes on, besides its processors. */
export interface RuntimeSettings {
  readonly keys: readonly string[];
  /** @throws what is wrong */
  check(config: Record<string, unknown>): void;
  /** Takes what was checked. */
  take(config: Record<string, unknown>): void;
}

/** What a user configures of a run while it goes on: all that is sent at once is taken, or nothing of it. */
export class RunConfiguration {
  readonly #stages: ProcessorStages;
  readonly #settings: RuntimeSettings;

  constructor(stages: ProcessorStages, settings: RuntimeSettings) {
    this.#stages = stages;
    this.#settings = settings;
  }

  /** Undefined when not all processors tell what they take. */
  get knownKeys(): readonly string[] | undefined {
    const { knownKeys } = this.#stages;
    return knownKeys && [...knownKeys, ...this.#settings.keys];
  }

  /** @throws what is wrong, before anything is changed */
  async check(config: Record<string, unknown>): Promise<void> {
    this.#settings.check(config);
    await this.#stages.check(config);
  }

  async configure(config: Record<string, unknown>): Promise<void> {
    await this.check(config);
    await this.#stages.configure(config);
    this.#settings.take(config);
  }

  /** @throws {PvaflowError} PVAFLOW_CONFIG when there is no such stage, or it does not know a key; or what it says */
  async configureStage(name: string, config: Record<string, unknown>): Promise<void> {
    const stage = this.#stages.named(name);
    refuseUnknown(config, stage.knownKeys);
    await stage.check(config);
    await stage.configure(config);
  }
}
