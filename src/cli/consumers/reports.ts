import type { Consumers, ConsumerState } from '../../hpc/consumers/consumers.js';
import type { ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import { plainReport } from '../consumer-reports.js';
import { LiveDisplay } from '../live-display.js';
import { summaryOfAll } from './conclude.js';
import { consumersScreen, remarkOn, type ConsumersMoment } from './screen.js';

const DEFAULT_SCREEN_S = 1;

/** Shows how several consumers do: a table that is redrawn in a terminal, lines with a period elsewhere. */
export function startReports(consumers: Consumers, settings: ConsumerSettings): { close(): void } {
  const { period, plain } = settings.report;
  const isLive = process.stdout.isTTY && !plain;
  if (isLive) return startScreen(consumers, settings);
  if (period <= 0) return { close: () => {} };
  return every(period, consumers, () => {
    const lines = [...consumers.states().flatMap((state) => plainLines(state, settings)), ...sumLines(consumers)];
    process.stdout.write(`${lines.join('\n')}\n`);
  });
}

function startScreen(consumers: Consumers, { input, output, report }: ConsumerSettings): { close(): void } {
  const title = { inputChannel: input.channel, outputChannel: output.channel };
  const display = new LiveDisplay(process.stdout);
  const take = (): ConsumersMoment => ({
    at: performance.now(),
    states: consumers.states(),
    report: consumers.report(),
  });
  let before = take();
  const drawing = every(report.period > 0 ? report.period : DEFAULT_SCREEN_S, consumers, () => {
    const now = take();
    const { columns = 80, rows = 24 } = process.stdout;
    display.show(consumersScreen(title, before, now, { columns, rows }));
    before = now;
  });
  return {
    close: () => {
      drawing.close();
      display.close();
    },
  };
}

/** Calls `show` with a period, each time with figures of that moment. */
function every(seconds: number, consumers: Consumers, show: () => void): { close(): void } {
  let isOpen = true;
  const timer = setInterval(() => void consumers.refresh().then(() => isOpen && show()), seconds * 1000);
  return {
    close: () => {
      isOpen = false;
      clearInterval(timer);
    },
  };
}

function plainLines(state: ConsumerState, settings: ConsumerSettings): string[] {
  const { config, snapshot } = state;
  const remark = remarkOn(state);
  const remarks = remark === '' ? [] : [`  ${'state'.padEnd(14)} ${remark}`];
  if (snapshot === undefined) return [`${new Date().toISOString()} consumer ${config.consumerId}`, ...remarks];
  return [...plainReport(config.consumerId, snapshot.stats, settings.report.stats), ...remarks];
}

/** The account of all so far; without the lines of each, which have their own above. */
function sumLines(consumers: Consumers): string[] {
  const report = consumers.report();
  if (report === undefined) return [];
  return [
    `${new Date().toISOString()} all consumers`,
    ...summaryOfAll({ ...report, consumers: [] }, undefined).slice(1),
  ];
}
