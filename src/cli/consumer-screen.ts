import type { ConsumerSnapshot } from '../hpc/consumer.js';
import { byteRate, clockTime, grouped } from '../core/figures.js';
import type { Timed } from './run-reports.js';
import { count, ms, perSecond, spread, subscribersText } from './terminal/figure-texts.js';

/** What the screen shows about the run besides its figures. */
export interface ScreenTitle {
  readonly consumerId: number;
  readonly inputChannel: string;
  readonly processor: string;
  readonly outputChannel: string | undefined;
}

export type TimedSnapshot = Timed<ConsumerSnapshot>;

/**
 * The live figures of a consumer, one line each; rates are those since the snapshot before.
 *
 * @param columns width of the terminal
 */
export function screenLines(title: ScreenTitle, before: TimedSnapshot, now: TimedSnapshot, columns: number): string[] {
  const { stats, pipeline, isConnected } = now.snapshot;
  const seconds = (now.at - before.at) / 1000;
  const rate = (of: (snapshot: ConsumerSnapshot) => number) =>
    seconds <= 0 ? 0 : Math.max(0, of(now.snapshot) - of(before.snapshot)) / seconds;
  const { frameStats, publisherStats, receiverStats, processorStats } = stats;
  const stage = pipeline.stages[0];
  const bytes = rate((snapshot) => snapshot.input.bytes);
  const waiting = rate((snapshot) => snapshot.pipeline.waitedMs) / 10;
  const state = isConnected ? 'running' : 'waiting for the server';
  const chain = [
    title.inputChannel,
    title.processor,
    ...(title.outputChannel === undefined ? [] : [title.outputChannel]),
  ];
  const width = Math.max(10, title.processor.length);
  const label = (text: string) => text.padEnd(width);
  return [
    spread(
      `consumer ${title.consumerId}  ${chain.join(' → ')}`,
      `${state} ${clockTime(processorStats.runtime)}`,
      columns,
    ),
    `  ${label('received')} ${count(frameStats.nReceived)}   ${perSecond(rate((s) => s.pipeline.received))}   ${byteRate(bytes)}   missed ${grouped(frameStats.nMissed)}   repeated ${grouped(frameStats.nRepeated)}   overruns ${grouped(receiverStats.nOverruns)}`,
    `  ${label(title.processor)} ${count(stats.processorStats.nProcessed)}   p50 ${ms(stage?.p50Ms)}   p99 ${ms(stage?.p99Ms)}    failed ${grouped(frameStats.nFailed)}   queue ${grouped(pipeline.queue.length)}/${grouped(pipeline.queue.limit)}`,
    `  ${label('published')} ${count(publisherStats.nPublished)}   ${subscribersText(now.snapshot.subscribers)}                waiting ${waiting.toFixed(1)} %`,
    `  ${label('memory')} ${grouped(process.memoryUsage.rss() / 1e6)} MB                                 last id ${grouped(processorStats.lastObjectId)}`,
  ].map((line) => line.slice(0, columns));
}
