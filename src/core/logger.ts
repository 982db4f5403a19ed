import { pino, type Logger } from 'pino';
import { prettyFactory } from 'pino-pretty';
import { PvaflowError } from './errors.js';
import { plural } from './figures.js';
import { LogFile } from './log-file.js';

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
  /** Log to this file and not to stderr; it is appended to, and begun anew when it was moved away. */
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
    logger = pino({ name, level: effectiveLevel(), base: {} }, { write });
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
  setLevels();
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

/** A line of a log as it is captured. */
export interface LogEntry {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'fatal';
  /** Of the logger: the class of a processor, or `consumer-1`. */
  readonly name: string;
  readonly message: string;
}

interface Capture {
  readonly onEntry: (entry: LogEntry) => void;
  readonly value: number;
}

const captures = new Set<Capture>();

/**
 * Hands what is logged from this level on to `onEntry`, and not to the destination of the log, until the function that is returned
 * is called. Several may capture at a time: each gets all lines.
 */
export function captureLog(from: LogEntry['level'], onEntry: (entry: LogEntry) => void): () => void {
  const capture = { onEntry, value: valueOf(from) };
  captures.add(capture);
  setLevels();
  return () => {
    captures.delete(capture);
    setLevels();
  };
}

function write(line: string): void {
  if (captures.size === 0) return output.write(line);
  const { level: value, name, msg } = JSON.parse(line) as { level: number; name: string; msg: string };
  const entry = { level: pino.levels.labels[value] as LogEntry['level'], name, message: msg };
  for (const capture of captures) if (value >= capture.value) capture.onEntry(entry);
}

function setLevels(): void {
  const wanted = effectiveLevel();
  for (const logger of loggers.values()) logger.level = wanted;
}

/** What loggers have to give: as configured, or as much as the most curious capture wants. */
function effectiveLevel(): string {
  if (captures.size === 0) return level;
  const lowest = Math.min(...[...captures].map(({ value }) => value));
  return pino.levels.labels[lowest] as string;
}

function valueOf(name: string): number {
  return pino.levels.values[name] as number;
}

function fileWriter(file: string): (line: string) => void {
  try {
    const log = new LogFile(file, (count) =>
      getLogger('log').warn(`${count} ${plural(count, 'line')} before this one could not be written`),
    );
    return (line) => log.write(line);
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_LOG_FILE', `cannot write the log file ${file}: ${String(cause)}`, { cause });
  }
}
