import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileWriter } from '../../../src/core/files/file-writer.js';
import { durabilities, makeDirectory, writeWholeFile } from '../../../src/core/files/whole-file.js';
import { makeFile } from '../../../src/pva/make-file.js';

let folder = '';
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pvaflow-files-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const text = (name: string) => readFileSync(join(folder, name), 'utf8');
const parts = (...texts: string[]) => texts.map((each) => Buffer.from(each));

describe.each([
  ['by calls of Node', {}],
  ['by the addon', { make: makeFile }],
])('a file that is written whole %s', (_by, by) => {
  it.each(durabilities)('holds its parts, and nothing else is left (%s)', async (durability) => {
    const path = join(folder, 'a.txt');
    const numbers = Uint16Array.of(0x6261, 0x6463, 0x6665).subarray(1, 3);
    const written = await writeWholeFile(path, [...parts('x', ''), numbers, ...parts('z')], { ...by, durability });
    expect(written).toEqual({ path, bytes: 6 });
    expect(text('a.txt')).toBe('xcdefz');
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  it('may be empty, or of more parts than the system takes at once', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => Buffer.from(`${i},`));
    expect(await writeWholeFile(join(folder, 'empty'), [], by)).toMatchObject({ bytes: 0 });
    await writeWholeFile(join(folder, 'many'), many, by);
    expect(text('many')).toBe(Buffer.concat(many).toString());
  });

  it('replaces another, is refused, or gets a number, as wanted', async () => {
    const path = join(folder, 'a.tif');
    const write = async (what: string, existing?: 'refuse' | 'number') =>
      (await writeWholeFile(path, parts(what), { ...by, ...(existing && { existing }) })).path;
    await write('1');
    expect(await write('2')).toBe(path);
    await expect(write('3', 'refuse')).rejects.toMatchObject({
      code: 'PVAFLOW_FILE_EEXIST',
      message: `cannot write ${path}: there is a file of that name, and it is not to be overwritten (EEXIST)`,
    });
    expect(await write('4', 'number')).toBe(join(folder, 'a_1.tif'));
    expect(await write('5', 'number')).toBe(join(folder, 'a_2.tif'));
    expect(readdirSync(folder).sort()).toEqual(['a.tif', 'a_1.tif', 'a_2.tif']);
    expect(['a.tif', 'a_1.tif', 'a_2.tif'].map(text)).toEqual(['2', '4', '5']);
  });

  it('makes directories below its root, but not the root, whose disk may be gone', async () => {
    const path = join(folder, 'root', 'a', 'b', 'c.txt');
    const root = join(folder, 'root');
    const write = (options: object) => writeWholeFile(path, parts('c'), { ...by, ...options });
    await expect(write({ root })).rejects.toThrow('it, or a directory of its path, does not exist (ENOENT)');
    mkdirSync(root);
    await expect(write({})).rejects.toThrow('ENOENT');
    await write({ root, durability: 'directory' });
    expect(text('root/a/b/c.txt')).toBe('c');
    await makeDirectory(join(root, 'd', 'e'), 'directory');
    expect(readdirSync(root).sort()).toEqual(['a', 'd']);
  });

  it('leaves nothing where it cannot be written, and says why', async () => {
    writeFileSync(join(folder, 'file'), '');
    mkdirSync(join(folder, 'taken'));
    await expect(writeWholeFile(join(folder, 'file', 'x'), [], by)).rejects.toThrow(
      'a part of the path is no directory',
    );
    await expect(writeWholeFile(join(folder, 'taken'), [], by)).rejects.toThrow('there is a directory of that name');
    await expect(makeDirectory(join(folder, 'file', 'x'))).rejects.toThrow('ENOTDIR');
    await expect(makeDirectory(join(folder, 'file'))).rejects.toThrow('there is a file of that name');
    await expect(makeDirectory('/proc/nowhere')).rejects.toThrow('cannot make the directory /proc/nowhere');
    await expect(writeWholeFile(join(folder, 'x'.repeat(300)), [], by)).rejects.toThrow('the name is too long');
    expect(readdirSync(folder).sort()).toEqual(['file', 'taken']);
  });
});

describe('FileWriter', () => {
  it('writes those of one name one after the other, so that the last one stays', async () => {
    const writer = new FileWriter();
    const path = join(folder, 'latest');
    const texts = Array.from({ length: 20 }, (_, i) => `${i}`.repeat(1 + ((i * 7919) % 50_000)));
    const written = texts.map((each, i) => {
      void writer.write(join(folder, `other${i}`), parts(each));
      return writer.write(path, parts(each));
    });
    await Promise.all(written);
    expect(text('latest')).toBe(texts.at(-1));
    await writer.settled();
    expect(readdirSync(folder).length).toBe(21);
  });

  it('goes on after one that failed', async () => {
    const writer = new FileWriter();
    const failed = writer.write(join(folder, 'gone', 'x'), parts('1'));
    const after = writer.write(join(folder, 'gone', 'x'), parts('2'), { root: folder });
    await expect(failed).rejects.toThrow('ENOENT');
    await after;
    expect(text('gone/x')).toBe('2');
  });
});
