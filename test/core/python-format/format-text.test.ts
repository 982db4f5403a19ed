import { describe, expect, it } from 'vitest';
import { formatParts, parseFormat, type FormatField } from '../../../src/core/python-format/format-text.js';

const names = ['uniqueId', 'processorId', 'channel', 'attribute'];
const values: Readonly<Record<string, number | string>> = { uniqueId: 42, processorId: 3, channel: 'det' };
const valueOf = ({ name, key }: FormatField) => values[name] ?? `<${key}>`;

describe('a format', () => {
  it.each([
    ['{uniqueId:06}.{processorId}.tiff', '000042.3.tiff'],
    ['plain.npy', 'plain.npy'],
    ['{{{uniqueId}}}-{{}}', '{42}-{}'],
    ['{channel:>6}_{uniqueId!s:<4}_{uniqueId:x}', '   det_42  _2a'],
    ['{attribute[Scan Number]}/{uniqueId}', '<Scan Number>/42'],
  ])('%s gives %s', (text, expected) => expect(formatParts(parseFormat(text, names), valueOf)).toBe(expected));

  it.each([
    ['{uniqueID:06}.tiff', 'there is no field uniqueID. Did you mean uniqueId?'],
    ['{}.tiff', '{} names no field; there are uniqueId, processorId, channel, attribute'],
    ['{0}.tiff', '{0} names no field'],
    ['{uniqueId', 'the { at position 1 is not closed'],
    ['uniqueId}', 'the } at position 9 closes nothing'],
    ['{uniqueId:{processorId}}', 'fields in fields are not supported'],
    ['{uniqueId!r}', 'only the conversion !s is supported'],
  ])('%s is refused: %s', (text, message) => expect(() => parseFormat(text, names)).toThrow(message));
});
