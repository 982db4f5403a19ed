import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PvaflowError } from '../../core/errors.js';
import { packageRoot } from '../../core/package-root.js';
import type { LossReport } from '../../hpc/loss-report.js';
import { accountOf, type Account } from './account.js';
import { Child } from './child.js';
import { clientOf, newPlace, untilServed } from './place.js';

export const channels = { input: 'demo:image', output: 'demo:output', status: 'demo:status' } as const;

const SIZE = 512;
const FRAMES_PER_SECOND = 100;
const LEVEL = 1500;

/** The simulator and the consumer of the demo, each in a process of its own. */
export class DemoProcesses {
  private constructor(
    readonly simulator: Child,
    readonly consumer: Child,
    /** Addresses of both servers, for a client that looks on. */
    readonly nameServers: readonly string[],
    private readonly folder: string,
  ) {}

  /** Starts both; the simulator begins when the consumer is there, and ends by itself after `seconds`. */
  static async start(seconds: number): Promise<DemoProcesses> {
    const folder = await mkdtemp(join(tmpdir(), 'pvaflow-demo-'));
    const [source, sink] = [await newPlace(), await newPlace()];
    const simulator = new Child(simulatorArgs(seconds), source.env);
    await untilServed(source, () => simulator.check());
    const consumer = new Child(consumerArgs(folder), { ...clientOf(source), ...sink.env });
    await untilServed(sink, () => consumer.check());
    return new DemoProcesses(simulator, consumer, [source.address, sink.address], folder);
  }

  /** Ends the simulator, which waits until its frames are fetched, then the consumer, and adds up. */
  async finish(): Promise<Account> {
    await this.simulator.stop();
    await this.consumer.stop();
    const report = JSON.parse(await readFile(reportFile(this.folder), 'utf8')) as LossReport;
    return accountOf(this.made(), report);
  }

  /** Ends both whatever their state. */
  async discard(): Promise<void> {
    await Promise.allSettled([this.simulator.stop(), this.consumer.stop()]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /** What the simulator said at its end. */
  private made(): number {
    const line = this.simulator.lastLine(/^Published frames: \d+/);
    if (line === undefined) throw new PvaflowError('PVAFLOW_DEMO', 'the simulator did not tell how much it published');
    return Number(/\d+/.exec(line)?.[0]);
  }
}

function reportFile(folder: string): string {
  return join(folder, 'report.json');
}

function simulatorArgs(seconds: number): string[] {
  return [
    ...['sim-server', '--channel-name', channels.input, '--datatype', 'uint16', '--maximum', '4095'],
    ...['--n-x-pixels', String(SIZE), '--n-y-pixels', String(SIZE), '--frame-rate', String(FRAMES_PER_SECOND)],
    ...['--cache-size', '200', '--runtime', String(seconds), '--await-subscribers', '1'],
  ];
}

function consumerArgs(folder: string): string[] {
  return [
    ...['consumer', '--input-channel', channels.input, '--output-channel', channels.output],
    ...['--status-channel', channels.status, '--status-period', '0.5'],
    ...['--processor-file', join(packageRoot(), 'examples', '1-basics', '3-threshold.ts')],
    ...['--processor-args', JSON.stringify({ level: LEVEL }), '--report-file', reportFile(folder)],
  ];
}
