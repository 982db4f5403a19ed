import { grouped } from '../../core/figures.js';
import type { SplitOutputReport, Splitter } from '../../hpc/splitter/splitter.js';
import { reportLines } from '../plain-report.js';
import type { ReportSettings } from '../../hpc/schema/run-schema.js';
import { startReports } from '../run-reports.js';
import { splitterScreen } from './screen.js';

/** Shows how a splitter does. */
export function startSplitterReports(splitter: Splitter, settings: ReportSettings<string>): { close(): void } {
  const { splitterId, channels, rule } = splitter.config;
  const title = {
    splitterId,
    inputChannel: channels.input,
    processors: splitter.stages.list.map(({ name }) => name),
    rule: rule.by === 'hash' ? `hash of ${rule.field}` : rule.by,
  };
  const view = {
    snapshot: () => splitter.snapshot(),
    screen: splitterScreen.bind(undefined, title),
    lines: () => {
      splitter.updateStatus();
      const { outputStats, ...stats } = splitter.stats();
      const outputs = outputStats.map(({ outputId, ...figures }) => [`outputStats_${outputId}`, figures] as const);
      return reportLines(`splitter ${splitterId}`, { ...stats, ...Object.fromEntries(outputs) }, settings.stats);
    },
  };
  return startReports(view, settings);
}

/** What became of the objects of each output, for the end of a run. */
export function outputLines(outputs: readonly SplitOutputReport[]): string[] {
  const width = Math.max(...outputs.map(({ outputChannel }) => outputChannel.length));
  return outputs.map((output) => {
    const { outputChannel, published, droppedForSubscribers: dropped, notPublished, waiting, unheard } = output;
    const rare = { 'not published': notPublished, 'left waiting': waiting, 'without a subscriber': unheard };
    const seen = Object.entries(rare).filter(([, count]) => count > 0);
    const texts = [['published', published] as const, ['dropped', dropped] as const, ...seen];
    return `  ${outputChannel.padEnd(width)}   ${texts.map(([what, count]) => `${what} ${grouped(count)}`).join('   ')}`;
  });
}
