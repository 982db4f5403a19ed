import { describe, expect, it } from 'vitest';
import {
  formatShort,
  formatStructure,
  NtEnum,
  NtScalar,
  NtScalarArray,
  NtTable,
  PvAlarm,
  PvObject,
  structure,
  structureArray,
  union,
} from '../../src/index.js';

const bare = { alarm: false, timeStamp: false } as const;

describe('formatStructure', () => {
  it('lists one field a line, and reads alarms, times and enums out', () => {
    const object = NtEnum.from('ON', ['OFF', 'ON']);
    object.set('alarm', { severity: 2, status: 1, message: 'too hot' });
    object.set('timeStamp', { secondsPastEpoch: 1n, nanoseconds: 2_999_999, userTag: 3 });
    const two = (n: number) => String(n).padStart(2, '0');
    const at = new Date(1000);
    const local = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}:01.002`;
    expect(formatStructure(object).split('\n')).toEqual([
      'epics:nt/NTEnum:1.0',
      '    enum_t value (1) ON',
      '        int index 1',
      '        string[] choices [OFF,ON]',
      '    alarm_t alarm MAJOR DEVICE too hot',
      '        int severity 2',
      '        int status 1',
      '        string message "too hot"',
      `    time_t timeStamp ${local}  3`,
      '        long secondsPastEpoch 1',
      '        int nanoseconds 2999999',
      '        int userTag 3',
    ]);
  });

  it('shows selections, elements and what is not there', () => {
    const object = new PvObject(
      {
        value: union({ n: 'ubyte[]' }),
        empty: union({ n: 'int' }),
        d: structureArray({ size: 'int' }, 'dimension_t'),
        v: 'any',
      },
      { value: { n: [1, 2] }, d: [{ size: 3 }, null], v: { type: structure({ x: 'int' }), value: { x: 3 } } },
    );
    expect(formatStructure(object).split('\n')).toEqual([
      'structure',
      '    union value',
      '        ubyte[] n [1,2]',
      '    union empty',
      '        (none)',
      '    dimension_t[] d',
      '        dimension_t',
      '            int size 3',
      '        (none)',
      '    any v',
      '        structure',
      '            int x 3',
    ]);
  });

  it.each([
    ['float', Math.fround(0.1), '0.1'],
    ['float', Math.fround(16777217), '16777216'],
    ['double', 0.1 + 0.2, '0.30000000000000004'],
    ['double', NaN, 'nan'],
    ['double', -Infinity, '-inf'],
    ['double', -0, '-0'],
    ['long', -(2n ** 63n), '-9223372036854775808'],
    ['boolean', true, 'true'],
    ['string', 'plain', 'plain'],
    ['string', 'two words', '"two words"'],
    ['string', 'a"b\\\n\x01', '"a\\"b\\\\\\n\\x01"'],
    ['string', 'µ€', 'µ€'],
  ] as const)('writes a %s', (type, value, expected) => {
    expect(formatStructure(new PvObject({ value: type }, { value }))).toBe(`structure\n    ${type} value ${expected}`);
  });

  it('cuts long arrays short when asked', () => {
    const object = new PvObject({ value: 'int[]' }, { value: [1, 2, 3, 4] });
    expect(formatStructure(object, { arrayLimit: 2 })).toBe('structure\n    int[] value [1,2,...]');
  });
});

describe('formatShort', () => {
  it('writes scalars, arrays and enums on one line', () => {
    expect(formatShort(NtScalar.from(4.5, bare))).toBe('4.5');
    expect(formatShort(NtScalarArray.from([1, 2], bare))).toBe('[1,2]');
    expect(formatShort(NtEnum.from(1, ['OFF', 'SET UP'], bare))).toBe('(1) "SET UP"');
    expect(formatShort(NtEnum.from(7, ['OFF'], bare))).toBe('(7) <undefined>');
  });

  it('puts the time before the value and the alarm behind it', () => {
    const object = NtScalar.from(4.5).set('alarm', { severity: 1, message: 'warm' });
    expect(formatShort(object)).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}4\.5 MINOR warm$/);
  });

  it('writes tables in columns', () => {
    const table = NtTable.from({ name: ['x', 'long name'], count: new Int32Array([10, 5]) }, bare);
    expect(formatShort(table).split('\n')).toEqual(['       name count', '          x    10', '"long name"     5']);
  });

  it('falls back to the listing', () => {
    const object = new PvObject({ other: 'int' });
    expect(formatShort(object)).toBe(formatStructure(object));
  });
});

describe('PvAlarm', () => {
  it('names severity and status', () => {
    expect(String(new PvAlarm(0, 0, 'fine'))).toBe('NO_ALARM');
    expect(String(new PvAlarm(2, 1, 'hot'))).toBe('MAJOR DEVICE hot');
    expect(String(new PvAlarm(9, 99, ''))).toBe('9 99');
  });
});
