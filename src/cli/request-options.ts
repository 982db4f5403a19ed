import type { Command } from 'commander';
import { usageError } from './exit.js';
import { numberOption } from './option-values.js';

const DEFAULT_TIMEOUT_S = 5;

/** What part of a channel's structure is asked for. */
export interface RequestOptions {
  readonly request?: string;
  readonly field?: string;
}

export interface TimeoutOptions {
  /** Seconds. */
  readonly timeout: number;
}

export function addRequestOptions(command: Command): Command {
  return command
    .option('-r, --request <pvRequest>', 'pvRequest: what to ask the server for, such as field(value,timeStamp)')
    .option('--field <names>', 'only these fields, separated by commas; short for -r "field(…)"');
}

export function addTimeoutOption(command: Command): Command {
  return command.option(
    '-w, --timeout <seconds>',
    'how long to wait for an answer',
    numberOption(0),
    DEFAULT_TIMEOUT_S,
  );
}

/** `value, alarm.severity` as a list of paths. */
export function fieldNames(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** The pvRequest that the options ask for; undefined for the whole structure. */
export function requestOf(options: RequestOptions): string | undefined {
  if (options.field === undefined) return options.request;
  if (options.request !== undefined) throw usageError('give --request or --field, not both');
  return `field(${fieldNames(options.field).join(',')})`;
}

/** What a get takes of the options. */
export function getOptions(options: RequestOptions & TimeoutOptions): { timeout: number; request?: string } {
  const request = requestOf(options);
  return { timeout: options.timeout, ...(request !== undefined && { request }) };
}
