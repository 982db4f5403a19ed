import type { ConsumerSnapshot } from '../hpc/consumer.js';
import { byteRate, clockTime, grouped } from '../core/figures.js';
import type { Timed } from './run-reports.js';
import { count, fitted, perSecond, spread, stageText, subscribersText } from './terminal/figure-texts.js';

/** What the screen shows about the run besides its figures. */
export interface ScreenTitle {
  readonly consumerId: number;
  readonly inputChannel: string;
  /** Names of the stages. */
  readonly processors: readonly string[];
  readonly outputChannel: string | undefined;
}

export type TimedSnapshot = Timed<ConsumerSnapshot>;

type Rate = (of: (snapshot: ConsumerSnapshot) => number) => number;
type Label = (text: string) => string;

/**
 * The live figures of a consumer: what comes in, a line for each stage, what goes out. Rates are those since the snapshot
 * before.
 *
 * @param columns width of the terminal
 */
export function screenLines(title: ScreenTitle, before: TimedSnapshot, now: TimedSnapshot, columns: number): string[] {
  const seconds = (now.at - before.at) / 1000;
  const rate: Rate = (of) => (seconds <= 0 ? 0 : Math.max(0, of(now.snapshot) - of(before.snapshot)) / seconds);
  const width = Math.max(10, ...title.processors.map((name) => name.length));
  const label: Label = (text) => `  ${text.padEnd(width)} `;
  const lines = [...inputLines(now.snapshot, rate, label), ...outputLines(now.snapshot, rate, label)];
  return [heading(title, now.snapshot, columns), ...fitted(lines, columns, width + 3)];
}

function heading({ consumerId, ...title }: ScreenTitle, snapshot: ConsumerSnapshot, columns: number): string {
  const outputs = title.outputChannel === undefined ? [] : [title.outputChannel];
  const chain = [title.inputChannel, ...title.processors, ...outputs].join(' → ');
  const state = snapshot.isConnected ? 'running' : 'waiting for the server';
  const time = clockTime(snapshot.stats.processorStats.runtime);
  return spread(`consumer ${consumerId}  ${chain}`, `${state} ${time}`, columns).slice(0, columns);
}

function inputLines(snapshot: ConsumerSnapshot, rate: Rate, label: Label): string[] {
  const { stats, pipeline } = snapshot;
  const { frameStats, receiverStats } = stats;
  const received = [
    count(frameStats.nReceived),
    perSecond(rate((each) => each.pipeline.received)),
    byteRate(rate((each) => each.input.bytes)),
    `missed ${grouped(frameStats.nMissed)}`,
    `repeated ${grouped(frameStats.nRepeated)}`,
    `overruns ${grouped(receiverStats.nOverruns)}`,
  ].join('   ');
  const queueOf = (name: string, at: number) =>
    pipeline.edges.find((edge) => edge.name === name) ?? (at === 0 ? pipeline.queue : undefined);
  return [
    `${label('received')}${received}`,
    ...pipeline.stages.map((stage, at) => {
      return `${label(stage.name)}${stageText(stage, queueOf(stage.name, at))}`;
    }),
  ];
}

function outputLines({ stats, pipeline, subscribers }: ConsumerSnapshot, rate: Rate, label: Label): string[] {
  const waiting = `waiting ${(rate((each) => each.pipeline.waitedMs) / 10).toFixed(1)} %`;
  const failed =
    pipeline.output === undefined || pipeline.output.failed === 0 ? [] : [`failed ${grouped(pipeline.output.failed)}`];
  const published = [count(stats.publisherStats.nPublished), subscribersText(subscribers), waiting, ...failed];
  const memory = `${grouped(process.memoryUsage.rss() / 1e6)} MB`;
  return [
    `${label('published')}${published.join('   ')}`,
    `${label('memory')}${memory.padEnd(9)}   last id ${grouped(stats.processorStats.lastObjectId)}`,
  ];
}
