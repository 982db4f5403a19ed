import { describe, expect, it } from 'vitest';
import { formatId, parseIdList, resolveChannelNames } from '../../src/hpc/channel-names.js';

describe('the format of an id', () => {
  it.each([
    ['', 7, '7'],
    ['03d', 7, '007'],
    ['03', 7, '007'],
    ['3', 7, '  7'],
    ['<4d', 7, '7   '],
    ['^5', 7, '  7  '],
    ['*>4', 7, '***7'],
    ['+d', 7, '+7'],
    ['04d', -7, '-007'],
    ['x', 255, 'ff'],
    ['#06x', 255, '0x00ff'],
    ['X', 255, 'FF'],
    ['b', 5, '101'],
    [',', 1234567, '1,234,567'],
  ])('%s of %d is "%s"', (spec, id, text) => expect(formatId(id, spec)).toBe(text));

  it('refuses what it does not know', () => expect(() => formatId(7, '.2f')).toThrow('".2f" is not a format of an id'));
});

describe('the names of the channels', () => {
  it('have the id in their places', () => {
    const names = { input: 'in:*:*', output: '_', status: 'a:*:status', control: '_' };
    expect(resolveChannelNames('consumer', 7, names, '03d')).toEqual({
      input: 'in:007:007',
      output: 'pvapy:consumer:007:output',
      status: 'a:007:status',
      control: 'pvapy:consumer:007:control',
    });
  });

  it('stay away when they were not asked for', () => {
    expect(resolveChannelNames('collector', 1, { input: 'in' })).toEqual({ input: 'in' });
  });
});

describe('a list of ids', () => {
  it.each([
    ['1,2,5', [1, 2, 5]],
    ['[4,7]', [4, 7]],
    ['3', [3]],
    ['range(1,4)', [1, 2, 3]],
    ['range(3)', [0, 1, 2]],
    ['range(1, 10, 4)', [1, 5, 9]],
    ['range(3,0,-1)', [3, 2, 1]],
  ])('%s', (text, ids) => expect(parseIdList(text)).toEqual(ids));

  it.each(['', 'a', '1;2', 'range()', 'range(1,2,0)', 'range(0,1000000)', '__import__("os")', '[1,2'])(
    '%s is none',
    (text) => expect(() => parseIdList(text)).toThrow('is not a list of ids'),
  );
});
