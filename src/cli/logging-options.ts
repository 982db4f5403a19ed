import type { Command } from 'commander';
import { logFormats, logLevels, type LogFormat, type LogLevel } from '../core/logger.js';
import type { OptionPlaces } from './given-options.js';
import { oneOf } from './option-values.js';

/** The options of `addLoggingOptions`. */
export interface LoggingCliOptions {
  readonly logLevel?: LogLevel;
  readonly logFile?: string;
  readonly logFormat?: LogFormat;
}

/** The settings that these options stand for. */
export const loggingPlaces: OptionPlaces<LoggingCliOptions> = {
  logLevel: { path: ['log', 'level'] },
  logFile: { path: ['log', 'file'] },
  logFormat: { path: ['log', 'format'] },
};

export function addLoggingOptions(command: Command): void {
  command
    .option('--log-level <level>', logLevels.join(', '), (text) => oneOf(logLevels)(text.toLowerCase()), 'info')
    .option('--log-file <file>', 'log to this file and not to stderr')
    .option('--log-format <format>', logFormats.join(' or '), oneOf(logFormats), 'text');
}
