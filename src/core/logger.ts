import { pino, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { PvaflowError } from './errors.js';

export type { Logger } from 'pino';

/** How much is logged; `warning` and `critical` are pvaPy's names of `warn` and `fatal`. */
export const logLevels = ['debug', 'info', 'warn', 'warning', 'error', 'fatal', 'critical', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

export interface LoggingOptions {
  /** `info` by default. */
  readonly level?: LogLevel | undefined;
  /** `text` by default: one line for people. `json`: one object per line for machines. */
  readonly format?: LogFormat | undefined;
  /** Log to this file and not to stderr; it is appended to. */
  readonly file?: string | undefined;
}

const pinoLevels: Readonly<Partial<Record<LogLevel, string>>> = { warning: 'warn', critical: 'fatal' };

const toStderr = (line: string): void => void process.stderr.write(line);
const asText = prettyFactory({
  colorize: process.stderr.isTTY === true,
  translateTime: 'SYS:yyyy-mm-dd HH:MM:ss.l',
  ignore: 'pid,hostname',
});

/** What every logger writes to; replaced as a whole when the options change. */
const output = { write: (line: string): void => toStderr(asText(line)) };
const loggers = new Map<string, Logger>();
let level = 'info';

/** The logger of a part, by its name. Parts of the same name share one. */
export function getLogger(name: string): Logger {
  let logger = loggers.get(name);
  if (logger === undefined) {
    logger = pino({ name, level, base: {} }, { write: (line: string) => output.write(line) });
    loggers.set(name, logger);
  }
  return logger;
}

/**
 * Sets level, format and destination of all loggers, those that exist already included.
 *
 * @throws {PvaflowError} PVAFLOW_LOG_FILE when the file cannot be written
 */
export function configureLogging({ level: wanted = 'info', format = 'text', file }: LoggingOptions): void {
  level = pinoLevels[wanted] ?? wanted;
  for (const logger of loggers.values()) logger.level = level;
  const write = file === undefined ? toStderr : fileWriter(file);
  output.write = format === 'json' ? write : (line) => write(asText(line));
}

/** What is logged, for those that log on behalf of this process. */
export function logLevel(): LogLevel {
  return level as LogLevel;
}

/**
 * Logs a line that a logger of another process or thread made, with JSON as its format, as one of our own.
 *
 * @param mark tells whose line it is; it becomes part of the logger's name
 * @returns false when the line does not come from a logger
 */
export function relayLog(line: string, mark: string): boolean {
  const entry = logEntryOf(line);
  if (entry === undefined) return false;
  if (!entry.name.startsWith(mark)) entry.name = `${mark} ${entry.name}`;
  output.write(`${JSON.stringify(entry)}\n`);
  return true;
}

function logEntryOf(line: string): { name: string } | undefined {
  if (!line.startsWith('{"level":')) return undefined;
  try {
    const entry = JSON.parse(line) as { name?: unknown; time?: unknown };
    return typeof entry.name === 'string' && typeof entry.time === 'number'
      ? { ...entry, name: entry.name }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Hands every line that would go to stderr as text to `write`, until the function that is returned is called. */
export function interceptLog(write: (text: string) => void): () => void {
  const before = output.write;
  output.write = (line) => write(asText(line));
  return () => (output.write = before);
}

function fileWriter(file: string): (line: string) => void {
  try {
    const destination = pino.destination({ dest: file, append: true, mkdir: true, sync: true });
    return (line) => void destination.write(line);
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_LOG_FILE', `cannot write the log file ${file}: ${String(cause)}`, { cause });
  }
}
