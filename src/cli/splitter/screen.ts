import { byteRate, clockTime, grouped, plural } from '../../core/figures.js';
import type { SplitterSnapshot } from '../../hpc/splitter/splitter.js';
import type { Timed } from '../run-reports.js';
import { count, fitted, perSecond, spread, stageText, subscribersText } from '../terminal/figure-texts.js';

/** What the screen shows about the run besides its figures. */
export interface SplitterTitle {
  readonly splitterId: number;
  readonly inputChannel: string;
  /** Names of the stages. */
  readonly processors: readonly string[];
  /** How it is split, in words. */
  readonly rule: string;
}

/**
 * The live figures of a splitter, a line for each output; rates are those since the moment before.
 *
 * @param columns width of the terminal
 */
export function splitterScreen(
  title: SplitterTitle,
  before: Timed<SplitterSnapshot>,
  now: Timed<SplitterSnapshot>,
  columns: number,
): string[] {
  const seconds = (now.at - before.at) / 1000;
  const rate: Rate = (of) => (seconds <= 0 ? 0 : Math.max(0, of(now.snapshot) - of(before.snapshot)) / seconds);
  const { stats, isConnected } = now.snapshot;
  const { outputStats, processorStats } = stats;
  const outputs = `${outputStats.length} ${plural(outputStats.length, 'output')} by ${title.rule}`;
  const state = isConnected ? 'running' : 'waiting for the server';
  const chain = [title.inputChannel, ...title.processors, outputs].join(' → ');
  const time = clockTime(processorStats.runtime);
  const heading = spread(`splitter ${title.splitterId}  ${chain}`, `${state} ${time}`, columns);
  const labels = [...title.processors, ...outputStats.map(({ channel }) => channel)];
  const width = Math.max(10, ...labels.map((text) => text.length));
  const label: Label = (text) => `  ${text.padEnd(width)} `;
  const lines = [
    ...inputLines(now.snapshot, rate, label),
    ...outputStats.map((_output, at) => outputLine(now.snapshot, at, rate, label)),
    `${label('memory')}${grouped(process.memoryUsage.rss() / 1e6)} MB   last id ${grouped(processorStats.lastObjectId)}`,
  ];
  return [heading.slice(0, columns), ...fitted(lines, columns, width + 3)];
}

type Rate = (of: (snapshot: SplitterSnapshot) => number) => number;
type Label = (text: string) => string;

function inputLines(snapshot: SplitterSnapshot, rate: Rate, label: Label): string[] {
  const { pipeline } = snapshot;
  const { frameStats, receiverStats } = snapshot.stats;
  const queueOf = (name: string, at: number) =>
    pipeline.edges.find((edge) => edge.name === name) ?? (at === 0 ? pipeline.queue : undefined);
  const waiting = rate((each) => each.pipeline.waitedMs) / 10;
  return [
    `${label('received')}${count(frameStats.nReceived)}   ${perSecond(rate((s) => s.pipeline.received))}   ${byteRate(rate((s) => s.input.bytes))}   missed ${grouped(frameStats.nMissed)}   overruns ${grouped(receiverStats.nOverruns)}   waiting ${waiting.toFixed(1)} %`,
    ...pipeline.stages.map((stage, at) => {
      return `${label(stage.name)}${stageText(stage, queueOf(stage.name, at))}`;
    }),
  ];
}

function outputLine({ stats }: SplitterSnapshot, at: number, rate: Rate, label: Label): string {
  const published = (of: SplitterSnapshot['stats']) => of.outputStats[at]?.nPublished ?? 0;
  const output = stats.outputStats[at];
  const subscribers = subscribersText(output?.nSubscribers ?? 0);
  return `${label(output?.channel ?? '')}${count(published(stats))}   ${perSecond(rate((s) => published(s.stats)))}   ${subscribers}   dropped ${grouped(output?.nDropped ?? 0)}`;
}
