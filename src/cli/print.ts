import type { Command } from 'commander';
import { formatShort, formatStructure } from '../pva/format.js';
import { toJsonData } from '../pva/json.js';
import type { PvObject } from '../pva/pv-object.js';
import { numberOption } from './option-values.js';
import { writeJson, writeLine } from './output.js';
import { fieldNames } from './request-options.js';

const DEFAULT_LIMIT = 100;

export interface PrintOptions {
  readonly json?: true;
  readonly verbose?: true;
  /** Elements of an array that are printed as text; 0 for all. */
  readonly limit: number;
  /** The fields that were asked for, separated by commas: servers fill up the others with nothing. */
  readonly field?: string;
}

export function addPrintOptions(command: Command): Command {
  return command
    .option('-v, --verbose', 'print the whole structure, with the types of its fields')
    .option('--limit <n>', 'print so many elements of an array; 0 for all', numberOption(0, true), DEFAULT_LIMIT)
    .option('--json', 'print one JSON document per line, for other programs; arrays are never cut short');
}

function asText(channel: string, value: PvObject, options: PrintOptions): string {
  const { field, limit } = options;
  const format = { ...(limit > 0 && { arrayLimit: limit }), ...(field !== undefined && { fields: fieldNames(field) }) };
  const text = options.verbose ? formatStructure(value, format) : formatShort(value, format);
  return text.includes('\n') ? `${channel}\n${text}` : `${channel} ${text}`;
}

/** The value as a JSON document, of the fields that were asked for. */
function asData(value: PvObject, field: string | undefined): unknown {
  if (field === undefined) return value;
  return toJsonData(Object.fromEntries(fieldNames(field).map((path) => [path, value.get(path)])));
}

/** Prints a value of a channel. With --json, `facts` stand beside it in the document. */
export function printValue(channel: string, value: PvObject, options: PrintOptions, facts: object = {}): Promise<void> {
  if (options.json) return writeJson({ channel, ...facts, value: asData(value, options.field) });
  return writeLine(asText(channel, value, options));
}
