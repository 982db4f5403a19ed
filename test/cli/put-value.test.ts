import { describe, expect, test } from 'vitest';
import { parsePut } from '../../src/cli/put-value.js';
import { PvType, structure, structureArray, type TypeSpec } from '../../src/pva/pv-type.js';

const enumeration = structure({ index: 'int', choices: 'string[]' }, 'enum_t');
const choices = () => ['Off', 'On', '2'];
const put = (words: string[], fields: Record<string, TypeSpec>) =>
  parsePut(words, PvType.of(structure(fields)).spec, choices);

describe('parsePut of one value', () => {
  test.each<[TypeSpec, string, unknown]>([
    ['double', '1.5e3', 1500],
    ['double', 'nan', NaN],
    ['double', '-Infinity', -Infinity],
    ['int', '-7', -7],
    ['ubyte', '0xff', 255],
    ['ulong', '18446744073709551615', 18446744073709551615n],
    ['boolean', 'On', true],
    ['boolean', '0', false],
    ['string', '', ''],
    ['string', '{"a": 1}', '{"a": 1}'],
    ['string', 'a=b', 'a=b'],
    ['string', '[1', '[1'],
  ])('%s %s', (type, word, value) => {
    expect(put([word], { value: type })).toEqual({ value });
  });

  test.each<[TypeSpec, string, RegExp]>([
    ['double', 'abc', /value is a number: "abc" is none/],
    ['double', '', /value is a number/],
    ['int', '1.5', /value is an integer: "1.5" is none/],
    ['long', ' ', /value is an integer/],
    ['boolean', 'maybe', /value is a boolean: give true or false, not "maybe"/],
    ['any', '[', /the value for value is not valid JSON/],
  ])('refuses %s %s', (type, word, message) => {
    expect(() => put([word], { value: type })).toThrow(message);
  });

  test('refuses several for a scalar', () => {
    expect(() => put(['hello', 'world'], { value: 'string' })).toThrow(/takes one value; 2 were given/);
  });
});

describe('parsePut of arrays', () => {
  test.each<[TypeSpec, string[], unknown]>([
    ['double[]', ['1', '2.5'], [1, 2.5]],
    ['double[]', ['[1, 2.5]'], [1, 2.5]],
    ['int[]', ['5'], [5]],
    ['int[]', ['[]'], []],
    ['long[]', ['[9223372036854775807]'], [9223372036854775807n]],
    ['string[]', ['a', 'b c'], ['a', 'b c']],
    ['string[]', ['["a,b", "c"]'], ['a,b', 'c']],
    ['boolean[]', ['true', '0'], [true, false]],
  ])('%s %j', (type, words, value) => {
    expect(put(words, { value: type })).toEqual({ value });
  });

  test('refuses a bracket that does not close', () => {
    expect(() => put(['[1,2'], { value: 'int[]' })).toThrow(/no closing bracket/);
  });
});

describe('parsePut of an enumeration', () => {
  test.each([
    ['On', 1],
    ['0', 0],
    ['2', 2],
  ])('%s', (word, index) => {
    expect(put([word], { value: enumeration })).toEqual({ 'value.index': index });
  });

  test('names the choices and the nearest', () => {
    expect(() => put(['Of'], { value: enumeration })).toThrow(
      'value has no choice "Of"; it has "Off", "On", "2". Did you',
    );
    expect(() => put(['3'], { value: enumeration })).toThrow(/no choice "3"/);
  });
});

describe('parsePut of fields', () => {
  const fields = {
    value: 'double',
    alarm: structure({ severity: 'int', message: 'string' }),
    state: enumeration,
    table: structureArray({ x: 'int' }),
  } as const;

  test('by name, also below structures', () => {
    expect(put(['value=3', 'alarm.severity=2', 'alarm.message=a=b', 'state=On'], fields)).toEqual({
      value: 3,
      'alarm.severity': 2,
      'alarm.message': 'a=b',
      'state.index': 1,
    });
  });

  test('by a JSON object, for the channel or one field', () => {
    expect(put(['{"value": 3, "alarm": {"severity": 1}}'], fields)).toEqual({ value: 3, alarm: { severity: 1 } });
    expect(put(['table=[{"x": 1}]'], fields)).toEqual({ table: [{ x: 1 }] });
  });

  test('names the nearest field', () => {
    expect(() => put(['valeu=3'], fields)).toThrow('the channel has no field "valeu". Did you mean "value"?');
    expect(() => put(['zzzzzz=3'], fields)).toThrow('It has value, alarm, state, table.');
  });

  test('needs a name where there is no value', () => {
    expect(() => put(['3'], { command: 'string', args: 'string' })).toThrow(
      'the channel has no field "value": name what to set, as in field=value. It has command, args.',
    );
  });
});
