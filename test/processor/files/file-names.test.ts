import { FileNames } from 'pvaflow';
import { describe, expect, it } from 'vitest';

const fields = { uniqueId: [1], inputChannel: ['x'], attribute: [1, 1.5, 'x'] };
const namesOf = (format: string) => new FileNames(format, fields);
const nameOf = (format: string, values: Readonly<Record<string, string | number>>) =>
  namesOf(format).nameOf(({ name, key }) => values[key ?? name]);

describe('names of files', () => {
  it.each([
    ['{uniqueId:06}.tiff', { uniqueId: 7 }, '000007.tiff'],
    ['{attribute[Sample]}/{uniqueId}.npy', { Sample: 'LaB6 300K', uniqueId: 7 }, 'LaB6 300K/7.npy'],
    ['{attribute[Energy]:.2f}.npy', { Energy: 8.0478 }, '8.05.npy'],
    ['{attribute[Scan]:>4}..{uniqueId}.npy', { Scan: 'a', uniqueId: -1 }, '   a..-1.npy'],
  ])('%s of %o is %s', (format, values, name) => expect(nameOf(format, values)).toBe(name));

  it.each(['../x', 'a/b', '/etc/passwd', 'a\\b', 'a\0b'])('do not leave the directory with %j', (value) => {
    expect(() => nameOf('{attribute[Sample]}.tiff', { Sample: value })).toThrow(
      `attribute[Sample] is ${JSON.stringify(value)}, which cannot be in a name of a file`,
    );
  });

  it.each([
    ['{attribute[A]}{attribute[B]}/x.tiff', { A: '.', B: '.' }],
    ['{attribute[A]}/x.tiff', { A: '..' }],
    ['{attribute[A]}/x.tiff', { A: '' }],
  ])('do not leave the directory by %s', (format, values) => {
    expect(() => nameOf(format, values)).toThrow('is no name of a file');
  });

  it('need all their values', () => {
    expect(() => nameOf('{attribute[Sample]}.tiff', {})).toThrow('there is no attribute[Sample]');
  });

  it.each([
    ['/data/{uniqueId}.tiff', 'it must be relative to the directory'],
    ['../{uniqueId}.tiff', 'it must not have empty steps, . or ..'],
    ['a//{uniqueId}.tiff', 'it must not have empty steps'],
    ['{uniqueId:s}.tiff', 'there is no type s of integers'],
    ['{inputChannel:06d}.tiff', 'there is no type d of texts'],
    ['{attribute[x]:q}.tiff', 'there is no type q of integers'],
    ['{frame}.tiff', 'there is no field frame'],
  ])('are refused for the format %s', (format, why) => {
    expect(() => namesOf(format)).toThrow(expect.objectContaining({ code: 'PVAFLOW_FORMAT' }));
    expect(() => namesOf(format)).toThrow(why);
  });
});
