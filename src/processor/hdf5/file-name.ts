import { formatParts, parseFormat } from '../../core/python-format/format-text.js';

/**
 * The name of a file by a format such as pvaPy's users have.
 *
 * @throws {PvaflowError} PVAFLOW_FORMAT when the format is none, or has other fields
 */
export function formatFileName(format: string, fields: Readonly<Record<string, number>>): string {
  return formatParts(parseFormat(format, Object.keys(fields)), ({ name }) => fields[name] as number);
}
