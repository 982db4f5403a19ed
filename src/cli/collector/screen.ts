import { byteRate, clockTime, grouped } from '../../core/figures.js';
import type { CollectorSnapshot } from '../../hpc/collector/collector.js';
import type { Timed } from '../run-reports.js';
import { count, fitted, perSecond, spread, stageText, subscribersText } from '../terminal/figure-texts.js';

/** What the screen shows about the run besides its figures. */
export interface CollectorTitle {
  readonly collectorId: number;
  readonly inputChannel: string;
  /** Names of the stages behind the one that puts frames in order. */
  readonly processors: readonly string[];
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
  const chain = [
    title.inputChannel,
    'order',
    ...title.processors,
    ...(outputChannel === undefined ? [] : [outputChannel]),
  ];
  const missing = stats.producerStats.filter(({ producerId }) => !connected.includes(producerId));
  const state =
    missing.length === 0 ? 'running' : `waiting for ${missing.map(({ producerId }) => producerId).join(', ')}`;
  const time = clockTime(stats.processorStats.runtime);
  const heading = spread(`collector ${title.collectorId}  ${chain.join(' → ')}`, `${state} ${time}`, columns);
  const width = Math.max(12, ...title.processors.map((name) => name.length));
  const label: Label = (text) => `  ${text.padEnd(width)} `;
  const lines = [
    ...stats.producerStats.map((_producer, at) => producerLine(now.snapshot, at, rate, label)),
    ...figureLines(now.snapshot, rate, label),
  ];
  return [heading.slice(0, columns), ...fitted(lines, columns, width + 3)];
}

type Rate = (of: (snapshot: CollectorSnapshot) => number) => number;
type Label = (text: string) => string;

function producerLine({ stats, connected }: CollectorSnapshot, at: number, rate: Rate, label: Label): string {
  const received = (of: CollectorSnapshot['stats']) => of.producerStats[at]?.receiverStats.nReceived ?? 0;
  const producer = stats.producerStats[at];
  const state = connected.includes(producer?.producerId ?? NaN) ? '' : '   not connected';
  const overruns = grouped(producer?.receiverStats.nOverruns ?? 0);
  return `${label(`from ${producer?.producerId}`)}${count(received(stats))}   ${perSecond(rate((s) => received(s.stats)))}   overruns ${overruns}${state}`;
}

function figureLines(snapshot: CollectorSnapshot, rate: Rate, label: Label): string[] {
  const { stats, pipeline, subscribers } = snapshot;
  const { collectorStats, orderStats, processorStats, publisherStats } = stats;
  const queueOf = (name: string) => pipeline.edges.find((edge) => edge.name === name);
  const memory = `${grouped(process.memoryUsage.rss() / 1e6)} MB`;
  const waiting = rate((each) => each.pipeline.waitedMs) / 10;
  return [
    `${label('collected')}${count(collectorStats.nCollected)}   ${perSecond(rate((s) => s.stats.collectorStats.nCollected))}   ${byteRate(rate((s) => s.input.bytes))}   missed ${grouped(collectorStats.nMissed)}   late ${grouped(orderStats.nLate)}   duplicate ${grouped(orderStats.nDuplicate)}   cached ${grouped(orderStats.nCached)}`,
    ...pipeline.stages.slice(1).map((stage) => `${label(stage.name)}${stageText(stage, queueOf(stage.name))}`),
    `${label('published')}${count(publisherStats.nPublished)}   ${subscribersText(subscribers)}   waiting ${waiting.toFixed(1)} %`,
    `${label('memory')}${memory.padEnd(9)}   last id ${grouped(processorStats.lastObjectId)}`,
  ];
}
