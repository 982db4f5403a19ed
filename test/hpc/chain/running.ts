import { Chain, type ChainOptions } from '../../../src/hpc/chain/chain.js';
import type { PartState } from '../../../src/hpc/chain/part.js';
import type { ConsumerConfig } from '../../../src/hpc/consumer-config.js';
import { plainConfig, Stream } from '../stream.js';

/** A chain over processes of its own, with a source in this process. */
export class RunningChain implements AsyncDisposable {
  private constructor(
    readonly stream: Stream,
    readonly chain: Chain,
  ) {}

  /** @param changes to the plainest consumer; each of its processors has a process of its own unless `options` say otherwise */
  static async start(changes: Partial<ConsumerConfig>, options: Partial<ChainOptions> = {}): Promise<RunningChain> {
    const stream = new Stream();
    const network = { client: stream.source.clientConfig(), server: { isolated: true } };
    const config = { ...plainConfig, network, ...changes };
    const isOwn = (config.processors ?? []).map(() => true);
    const restart = { delay: 0.1, maxDelay: 0.1 };
    const running = new RunningChain(stream, new Chain({ config, isOwn, statsPeriod: 0.5, restart, ...options }));
    await running.chain.start().catch(async (error: unknown) => {
      await stream[Symbol.asyncDispose]();
      throw error;
    });
    return running;
  }

  part(at: number): PartState {
    return this.chain.states()[at] as PartState;
  }

  /** Waits until the figures say so. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      await this.chain.refresh();
    }
  }

  /** Waits until the first part has seen the record that the source began with. */
  subscribed(): Promise<void> {
    return this.until(() => this.part(0).snapshot?.stats.frameStats.nSkipped === 1);
  }

  /** Waits until the last part has processed so many frames, over all its restarts. */
  processed(count: number): Promise<void> {
    return this.until(() => this.chain.states().at(-1)?.report?.processed === count);
  }

  /** Lets `slow` in this part be stuck with what it gets now, sends these, and kills the part when some of them are in it. */
  async killAtWork(at: number, ids: readonly number[]): Promise<{ sent: Promise<void> }> {
    await this.chain.command('configure', '{"stage":"slow","config":{"ms":3600000}}', at);
    const before = this.part(at).report?.received ?? 0;
    const sent = this.stream.send(...ids);
    await this.until(() => (this.part(at).report?.received ?? 0) > before);
    this.kill(at);
    await this.until(() => this.part(at).child.nRestarts === 1 && this.part(at).snapshot?.isConnected === true);
    return { sent };
  }

  kill(at: number): void {
    process.kill(this.part(at).child.pid as number, 'SIGKILL');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.chain.drain();
    await this.stream[Symbol.asyncDispose]();
  }
}
