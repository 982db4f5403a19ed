import { isAbsolute } from 'node:path';
import { PvaflowError } from '../../core/errors.js';
import {
  formatField,
  formatParts,
  parseFormat,
  type FormatField,
  type FormatPart,
} from '../../core/python-format/format-text.js';
import type { FormatValue } from '../../core/python-format/number-format.js';

/** What the fields of a file name are filled with; `undefined` for what is not there. */
export type FieldValues = (field: FormatField) => FormatValue | undefined;

/**
 * Names of files by a format such as pvaPy's users have, `{uniqueId:06}.{processorId}.tiff`: relative to a directory, which they
 * cannot leave, whatever is put into the fields.
 */
export class FileNames {
  readonly #parts: readonly FormatPart[];

  /**
   * @param fields that the format may use, with a value that each may have, or several of different types
   * @throws {PvaflowError} PVAFLOW_FORMAT when the format cannot be used, whatever the values
   */
  constructor(
    readonly format: string,
    fields: Readonly<Record<string, readonly FormatValue[]>>,
  ) {
    this.#parts = parseFormat(format, Object.keys(fields));
    for (const part of this.#parts) if (typeof part !== 'string') checkSpec(format, part, fields[part.name] ?? []);
    if (isAbsolute(format)) throw refused(format, 'it must be relative to the directory');
    if (format.split('/').some((step) => step === '..' || step === '.' || step === ''))
      throw refused(format, 'it must not have empty steps, . or ..');
  }

  /** Whether any field of that name is in the format. */
  uses(name: string): boolean {
    return this.#parts.some((part) => typeof part !== 'string' && part.name === name);
  }

  /** @throws {PvaflowError} PVAFLOW_FILE_NAME when a value is missing, or would lead elsewhere */
  nameOf(valueOf: FieldValues): string {
    const name = formatParts(this.#parts, (field) => checked(field, valueOf(field)));
    if (name.split('/').some((step) => step === '..' || step === '.' || step === ''))
      throw new PvaflowError('PVAFLOW_FILE_NAME', `"${name}", made of ${this.format}, is no name of a file`);
    return name;
  }
}

function checked(field: FormatField, value: FormatValue | undefined): FormatValue {
  const { name, key } = field;
  const label = key === undefined ? name : `${name}[${key}]`;
  if (value === undefined) throw new PvaflowError('PVAFLOW_FILE_NAME', `there is no ${label} for the name of the file`);
  if (typeof value !== 'string' || !/[/\\\u0000]/.test(value)) return value;
  throw new PvaflowError(
    'PVAFLOW_FILE_NAME',
    `${label} is ${JSON.stringify(value)}, which cannot be in a name of a file`,
  );
}

function checkSpec(format: string, field: FormatField, samples: readonly FormatValue[]): void {
  const problems = samples.map((sample) => problemOf(field, sample));
  const [first] = problems;
  if (first !== undefined && problems.every((problem) => problem !== undefined)) throw refused(format, first);
}

function problemOf(field: FormatField, sample: FormatValue): string | undefined {
  try {
    formatField(field, sample);
    return undefined;
  } catch (error) {
    return (error as PvaflowError).message;
  }
}

function refused(format: string, why: string): PvaflowError {
  return new PvaflowError('PVAFLOW_FORMAT', `"${format}": ${why}`);
}
