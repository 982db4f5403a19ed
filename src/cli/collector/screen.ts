import { byteRate, clockTime, grouped } from '../../core/figures.js';
import type { CollectorSnapshot } from '../../hpc/collector/collector.js';
import type { Timed } from '../run-reports.js';
import { count, ms, perSecond, spread, subscribersText } from '../terminal/figure-texts.js';

/** What the screen shows about the run besides its figures. */
export interface CollectorTitle {
  readonly collectorId: number;
  readonly inputChannel: string;
  readonly processor: string;
  readonly outputChannel: string | undefined;
}

/**
 * The live figures of a collector, a line for each producer; rates are those since the moment before.
 *
 * @param columns width of the terminal
 */
export function collectorScreen(
  title: CollectorTitle,
  before: Timed<CollectorSnapshot>,
  now: Timed<CollectorSnapshot>,
  columns: number,
): string[] {
  const seconds = (now.at - before.at) / 1000;
  const rate: Rate = (of) => (seconds <= 0 ? 0 : Math.max(0, of(now.snapshot) - of(before.snapshot)) / seconds);
  const { stats, connected } = now.snapshot;
  const { outputChannel } = title;
  const chain = [title.inputChannel, 'order', title.processor, ...(outputChannel === undefined ? [] : [outputChannel])];
  const missing = stats.producerStats.filter(({ producerId }) => !connected.includes(producerId));
  const state =
    missing.length === 0 ? 'running' : `waiting for ${missing.map(({ producerId }) => producerId).join(', ')}`;
  return [
    spread(
      `collector ${title.collectorId}  ${chain.join(' → ')}`,
      `${state} ${clockTime(stats.processorStats.runtime)}`,
      columns,
    ),
    ...stats.producerStats.map((_producer, at) => producerLine(now.snapshot, at, rate)),
    ...figureLines(title, now.snapshot, rate),
  ].map((line) => line.slice(0, columns));
}

type Rate = (of: (snapshot: CollectorSnapshot) => number) => number;

function producerLine({ stats, connected }: CollectorSnapshot, at: number, rate: Rate): string {
  const received = (of: CollectorSnapshot['stats']) => of.producerStats[at]?.receiverStats.nReceived ?? 0;
  const producer = stats.producerStats[at];
  const state = connected.includes(producer?.producerId ?? NaN) ? '' : '   not connected';
  const overruns = grouped(producer?.receiverStats.nOverruns ?? 0);
  return `  ${label(`from ${producer?.producerId}`)} ${count(received(stats))}   ${perSecond(rate((s) => received(s.stats)))}   overruns ${overruns}${state}`;
}

function figureLines({ processor }: CollectorTitle, snapshot: CollectorSnapshot, rate: Rate): string[] {
  const { stats, pipeline, subscribers } = snapshot;
  const { collectorStats, orderStats, processorStats, publisherStats, frameStats } = stats;
  const stage = pipeline.stages[1];
  const waiting = rate((each) => each.pipeline.waitedMs) / 10;
  return [
    `  ${label('collected')} ${count(collectorStats.nCollected)}   ${perSecond(rate((s) => s.stats.collectorStats.nCollected))}   ${byteRate(rate((s) => s.input.bytes))}      missed ${grouped(collectorStats.nMissed)}   late ${grouped(orderStats.nLate)}   duplicate ${grouped(orderStats.nDuplicate)}   cached ${grouped(orderStats.nCached)}`,
    `  ${label(processor)} ${count(processorStats.nProcessed)}   p50 ${ms(stage?.p50Ms)}   p99 ${ms(stage?.p99Ms)}    failed ${grouped(frameStats.nFailed)}`,
    `  ${label('published')} ${count(publisherStats.nPublished)}   ${subscribersText(subscribers)}                waiting ${waiting.toFixed(1)} %`,
    `  ${label('memory')} ${grouped(process.memoryUsage.rss() / 1e6)} MB                                 last id ${grouped(processorStats.lastObjectId)}`,
  ];
}

function label(text: string): string {
  return text.padEnd(12);
}
