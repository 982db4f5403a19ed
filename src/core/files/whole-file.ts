/**
 * Files that are there whole or not at all: written under a temporary name in the same directory, made durable as wanted, and then
 * given their name. Whoever writes files that others read uses this.
 */
import * as fs from 'node:fs';
import { dirname, join, parse, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fileError } from './file-error.js';
import { temporaryName } from './temporary-name.js';

/**
 * What a loss of power may take away of a file that has been written: `none` of the effort is made, and it may be lost or empty;
 * `file`: what it holds is on the disk before it gets its name; `directory`: its name is, too.
 */
export const durabilities = ['none', 'file', 'directory'] as const;
export type Durability = (typeof durabilities)[number];

/** What happens when there is a file of that name: it is replaced; the new one is refused; or it gets `_1`, `_2`, … before its extension. */
export const existingFileRules = ['overwrite', 'refuse', 'number'] as const;
export type ExistingFiles = (typeof existingFileRules)[number];

export interface WholeFileOptions {
  /** `none` if not given. */
  readonly durability?: Durability;
  /** `overwrite` if not given. */
  readonly existing?: ExistingFiles;
  /** Directories that are missing below this one are made; it must exist itself. Without it none is made. */
  readonly root?: string;
  /** By which calls it is made: Node's, one after the other, if not given. */
  readonly make?: MakeFile;
}

/**
 * Makes the file `temporary`, which does not exist, of these parts, and lets the disk have it if that is wanted; then gives it the name
 * `path`, unless that is empty. Nothing is left of it when it rejects, with an error of the system.
 *
 * @returns its bytes
 */
export type MakeFile = (
  temporary: string,
  path: string,
  parts: readonly NodeJS.ArrayBufferView[],
  isDurable: boolean,
) => Promise<number>;

/** A file that was written. */
export interface WrittenFile {
  /** With the rule `number` it may be another than was asked for. */
  readonly path: string;
  readonly bytes: number;
}

const open = promisify(fs.open);
const writev = promisify(fs.writev);
const datasync = promisify(fs.fdatasync);
const sync = promisify(fs.fsync);
const close = promisify(fs.close);
const rename = promisify(fs.rename);
const link = promisify(fs.link);
const unlink = promisify(fs.unlink);
const mkdir = promisify(fs.mkdir);
const stat = promisify(fs.stat);

/** No name is tried with a larger number. */
const MAX_NUMBER = 1_000_000;
/** Of so many names the last number is known. */
const MAX_REMEMBERED = 1000;
/** What a file system says that knows no hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/**
 * Writes a file of these parts, in their order. They are not copied: they must stay as they are until the promise settles.
 *
 * On a file system without hard links, such as exFAT, the rules `refuse` and `number` reserve the name by an empty file first, which is left
 * there when the process is killed at that moment.
 *
 * @throws {PvaflowError} with a code of `fileError`. Nothing is left of the file then, unless it was only its name that could not
 *   be made durable
 */
export async function writeWholeFile(
  path: string,
  parts: readonly NodeJS.ArrayBufferView[],
  options: WholeFileOptions = {},
): Promise<WrittenFile> {
  const { durability = 'none', existing = 'overwrite' } = options;
  const temporary = join(dirname(path), temporaryName());
  try {
    if (existing !== 'overwrite') return await madeAndNamed(temporary, path, parts, options);
    const bytes = await made(temporary, path, parts, options);
    if (durability === 'directory') await syncDirectory(dirname(path));
    return { path, bytes };
  } catch (error) {
    throw fileError('cannot write', path, error);
  }
}

/** Where the name may be taken. */
async function madeAndNamed(
  temporary: string,
  path: string,
  parts: readonly NodeJS.ArrayBufferView[],
  options: WholeFileOptions,
): Promise<WrittenFile> {
  const { durability = 'none', existing = 'overwrite' } = options;
  const bytes = await made(temporary, '', parts, options);
  try {
    const name = await nameFile(temporary, path, existing);
    if (durability === 'directory') await syncDirectory(dirname(name));
    return { path: name, bytes };
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
}

async function made(
  temporary: string,
  path: string,
  parts: readonly NodeJS.ArrayBufferView[],
  { durability = 'none', root, make = makeFile }: WholeFileOptions,
): Promise<number> {
  const isDurable = durability !== 'none';
  try {
    return await make(temporary, path, parts, isDurable);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || root === undefined) throw error;
    await stat(root); // a disk that is not mounted any more must not be replaced by a directory
    await makeDirectory(dirname(temporary), durability);
    return make(temporary, path, parts, isDurable);
  }
}

const makeFile: MakeFile = async (temporary, path, parts, isDurable) => {
  const file = await open(temporary, 'wx');
  try {
    const bytes = await filled(file, parts, isDurable);
    if (path !== '') await rename(temporary, path);
    return bytes;
  } catch (error) {
    await unlink(temporary).catch(() => {});
    throw error;
  }
};

/** Writes all parts, and closes the file. */
async function filled(file: number, parts: readonly NodeJS.ArrayBufferView[], isDurable: boolean): Promise<number> {
  let bytes = 0;
  try {
    let rest = parts.filter(({ byteLength }) => byteLength > 0);
    while (rest.length > 0) {
      const { bytesWritten } = await writev(file, rest);
      bytes += bytesWritten;
      rest = after(rest, bytesWritten);
    }
    if (isDurable) await datasync(file);
  } catch (error) {
    await close(file).catch(() => {});
    throw error;
  }
  await close(file); // here, too, a file system over a network may say that it could not write
  return bytes;
}

/** What is left to write: the system writes no more than 2 GiB at once, and less when the disk is full. */
function after(parts: readonly NodeJS.ArrayBufferView[], bytes: number): NodeJS.ArrayBufferView[] {
  let skip = bytes;
  const rest: NodeJS.ArrayBufferView[] = [];
  for (const part of parts) {
    if (skip >= part.byteLength) skip -= part.byteLength;
    else {
      rest.push(new Uint8Array(part.buffer, part.byteOffset + skip, part.byteLength - skip));
      skip = 0;
    }
  }
  return rest;
}

/**
 * Gives a file that was begun under a temporary name, in the same file system, its own.
 *
 * @returns the name, which with the rule `number` may be another than was asked for
 */
export async function nameFile(temporary: string, path: string, existing: ExistingFiles): Promise<string> {
  if (existing === 'overwrite') {
    await rename(temporary, path);
    return path;
  }
  return existing === 'refuse' ? await moved(temporary, path) : await movedToFree(temporary, path);
}

/** Unlike a renaming, a link takes no name that is taken. */
async function moved(temporary: string, path: string): Promise<string> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!NO_LINKS.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    return movedToReserved(temporary, path);
  }
  await unlink(temporary);
  return path;
}

async function movedToReserved(temporary: string, path: string): Promise<string> {
  await close(await open(path, 'wx'));
  try {
    await rename(temporary, path);
    return path;
  } catch (error) {
    await unlink(path).catch(() => {});
    throw error;
  }
}

async function movedToFree(temporary: string, path: string): Promise<string> {
  const { dir, name, ext } = parse(path);
  for (let number = lastNumbers.get(path) ?? 0; ; number++) {
    try {
      const free = await moved(temporary, number === 0 ? path : join(dir, `${name}_${number}${ext}`));
      remember(path, number);
      return free;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || number >= MAX_NUMBER) throw error;
    }
  }
}

/** The number that a name had last, so that not all are tried again. */
const lastNumbers = new Map<string, number>();

function remember(path: string, number: number): void {
  if (number === 0) return;
  if (lastNumbers.size >= MAX_REMEMBERED) lastNumbers.clear();
  lastNumbers.set(path, number);
}

/** Makes a directory and those above it that are missing; with `durability` `directory` their names are on the disk afterwards. */
export async function makeDirectory(directory: string, durability: Durability = 'none'): Promise<void> {
  try {
    const made = await makeMissing(resolve(directory));
    if (durability === 'directory') for (const each of made) await syncDirectory(dirname(each));
  } catch (error) {
    throw fileError('cannot make the directory', directory, error);
  }
}

/**
 * The directories that were made, the uppermost first. Not `recursive` of Node: that never ends where a file system knows no
 * directories, such as /proc.
 */
async function makeMissing(directory: string): Promise<string[]> {
  try {
    return await makeOne(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(directory) === directory) throw error;
    return [...(await makeMissing(dirname(directory))), ...(await makeOne(directory))];
  }
}

async function makeOne(directory: string): Promise<string[]> {
  try {
    await mkdir(directory);
    return [directory];
  } catch (error) {
    const isThere = (error as NodeJS.ErrnoException).code === 'EEXIST' && (await stat(directory)).isDirectory();
    if (isThere) return [];
    throw error;
  }
}

/** Resolves when the names in it are on the disk. */
export async function syncDirectory(directory: string): Promise<void> {
  const file = await open(directory, 'r');
  try {
    await sync(file);
  } finally {
    await close(file);
  }
}
