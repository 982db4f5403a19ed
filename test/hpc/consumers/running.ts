import { Consumers, type ConsumersOptions, type ConsumerState } from '../../../src/hpc/consumers/consumers.js';
import type { ConsumerConfig } from '../../../src/hpc/consumer-config.js';
import { plainConfig, Stream } from '../stream.js';

/** Consumers in children of this process, with a source in this process. */
export class RunningConsumers implements AsyncDisposable {
  private constructor(
    readonly stream: Stream,
    readonly consumers: Consumers,
  ) {}

  /** Consumers 1 to `count`; `changes` are for all of them. */
  static start(count: number, changes: Partial<ConsumerConfig>, options: Partial<ConsumersOptions>): RunningConsumers {
    const stream = new Stream();
    const network = { client: stream.source.clientConfig(), server: { isolated: true } };
    const configs = Array.from({ length: count }, (_, at) => ({
      ...plainConfig,
      network,
      ...changes,
      consumerId: at + 1,
      channels: { ...plainConfig.channels, status: `status:${at + 1}` },
    }));
    const restart = { delay: 0.1, maxDelay: 0.1 };
    return new RunningConsumers(stream, new Consumers({ configs, statsPeriod: 0.5, restart, ...options }));
  }

  /** The consumer with this id. */
  of(consumerId: number): ConsumerState {
    return this.consumers.states()[consumerId - 1] as ConsumerState;
  }

  /** Waits until the figures say so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await this.consumers.refresh();
    }
  }

  /** Waits until each runs and has seen the record that the source began with. */
  async subscribed(): Promise<void> {
    await this.consumers.ready();
    await this.until(() => this.consumers.states().every(({ snapshot }) => snapshot?.stats.frameStats.nSkipped === 1));
  }

  /** Waits until the consumer has received so many frames, over all its restarts. */
  received(consumerId: number, count: number): Promise<void> {
    return this.until(() => this.of(consumerId).report?.received === count);
  }

  kill(consumerId: number): void {
    process.kill(this.of(consumerId).child.pid as number, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.consumers.drain();
    await this.stream[Symbol.asyncDispose]();
  }
}
