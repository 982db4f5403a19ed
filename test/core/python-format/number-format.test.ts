import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { formatValue } from '../../../src/core/python-format/number-format.js';

const ints = [0, 7, -7, 42, 123456789, -1234];
const floats = [0.5, 1.5, 2.5, -0.125, 0.1, 1234.5678, -99.995, 1e-7, 6.02e-23, 123456789.123];
const texts = ['', 'a', 'sample one', 'Ångström'];
const layouts = [
  '',
  '3',
  '06',
  '<8',
  '>8',
  '^9',
  '*^11',
  '=8',
  '0=8',
  '+',
  ' ',
  '+08',
  '#',
  '#010',
  ',',
  '_',
  '015,',
  '<05',
];
const endings = [
  '',
  'd',
  'x',
  'X',
  'b',
  'o',
  's',
  'f',
  '.2f',
  '.0f',
  'e',
  '.3e',
  'E',
  'g',
  '.3g',
  '.10g',
  '%',
  '.1%',
  '.3',
];
const specs = layouts.flatMap((layout) => endings.map((ending) => layout + ending));
const cases = [...ints, ...floats, ...texts]
  .flatMap((value) => specs.map((spec) => [value, spec] as const))
  .filter(isTaken);

/** `#` is not taken for floats. */
function isTaken([value, spec]: readonly [number | string, string]): boolean {
  return (
    !spec.startsWith('#') || typeof value === 'string' || (Number.isInteger(value) && /^#(010)?[dxXbos]?$/.test(spec))
  );
}

const python = `
import json, sys
def said(value, spec):
    try: return format(value, spec)
    except ValueError: return None
print(json.dumps([said(*case) for case in json.load(sys.stdin)]))`;

describe('formatValue', () => {
  it('writes what Python writes, and refuses what Python refuses', () => {
    const input = JSON.stringify(cases);
    const expected = JSON.parse(execFileSync('python3', ['-c', python], { input, encoding: 'utf8' })) as (
      string | null
    )[];
    const different = cases
      .map(([value, spec], i) => ({ value, spec, python: expected[i], ours: attempt(value, spec) }))
      .filter((each) => each.ours !== each.python);
    expect(different).toEqual([]);
    expect(expected.filter((text) => text === null).length).toBeGreaterThan(100);
  });

  it('takes bigints, and halves that Python gives to the even digit', () => {
    expect(formatValue(2n ** 63n, '')).toBe('9223372036854775808');
    expect([0.5, 1.5, 2.5].map((half) => formatValue(half, '.0f'))).toEqual(['0', '2', '2']);
    expect(formatValue(NaN, '5')).toBe('  nan');
  });

  it.each(['1001', '06..', 'ü', '.101f', '06d6', '#.2f'])('refuses %s', (spec) => {
    expect(() => formatValue(1, spec)).toThrow(expect.objectContaining({ code: 'PVAFLOW_FORMAT' }));
  });
});

function attempt(value: number | string, spec: string): string | null {
  try {
    return formatValue(value, spec);
  } catch {
    return null;
  }
}
