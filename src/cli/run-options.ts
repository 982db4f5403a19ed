import type { Command } from 'commander';
import { anyNumber, oneOf, seconds, secondsFromZero } from './option-values.js';

/** The options of every command that processes a stream until it is stopped. */
export interface RunCliOptions<Part extends string = string> {
  runtime: number;
  reportPeriod: number;
  reportStats: Part[];
  statusPeriod: number;
  disableCurses?: true;
  drainTimeout: number;
  reportFile?: string;
  failOnLoss?: true;
}

/** @param parts what a report may show; one of them is `all` */
export function addRunOptions(command: Command, parts: readonly string[]): void {
  command
    .option('--runtime <s>', 'seconds to run for; 0: until stopped', anyNumber, 0)
    .option('--report-period <s>', 'seconds between two reports; 0: none', seconds, 0)
    .option('--report-stats <list>', `what is reported: ${parts.join(',')}`, (text) => readParts(text, parts), ['all'])
    .option('--status-period <s>', 'seconds between two updates of the status channel', seconds, 1)
    .option('--disable-curses', 'plain lines instead of a screen that is redrawn')
    .option(
      '--drain-timeout <s>',
      'seconds without progress after which, at the end, a processor or a slow subscriber is given up',
      secondsFromZero,
      5,
    )
    .option('--report-file <file>', 'write the loss report there, also if nothing was lost')
    .option('--fail-on-loss', 'end with exit code 4 when a frame was lost');
}

function readParts(text: string, parts: readonly string[]): string[] {
  return text.split(',').map((part) => oneOf(parts)(part.trim()));
}
