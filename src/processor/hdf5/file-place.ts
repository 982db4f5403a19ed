import { unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import {
  makeDirectory,
  nameFile,
  syncDirectory,
  type Durability,
  type ExistingFiles,
} from '../../core/files/whole-file.js';
import { temporaryName } from '../../core/files/temporary-name.js';
import { FileNames } from '../files/file-names.js';

export interface FilePlaceOptions {
  readonly outputDirectory: string;
  /** With the fields `outputFileId`, `processorId`, and `frameId`, `uniqueId`, `objectId` of the first frame. */
  readonly outputFileNameFormat: string;
  readonly existingFiles: ExistingFiles;
  readonly durability: Durability;
}

/** Numbers of files, in their order. */
export interface FileIds {
  next(): number;
}

/** Where a file is while it is not complete, and where afterwards. */
export class FilePlace {
  /** Where it is at this moment; empty before it is made. */
  path = '';
  readonly #options: FilePlaceOptions;
  readonly #fields: { readonly processorId: number; readonly uniqueId: number };
  readonly #ids: FileIds;

  constructor(options: FilePlaceOptions, fields: { processorId: number; uniqueId: number }, ids: FileIds) {
    this.#options = options;
    this.#fields = fields;
    this.#ids = ids;
  }

  /** A path that nobody takes for that of a complete file. */
  async temporary(): Promise<string> {
    const directory = resolve(this.#options.outputDirectory);
    await makeDirectory(directory, this.#options.durability);
    return (this.path = join(directory, temporaryName()));
  }

  /** Gives the file its name. Where that is taken, and must not be, the next number is tried, if the name has one. */
  async settle(): Promise<void> {
    const { existingFiles, durability } = this.#options;
    for (let last = ''; ;) {
      const path = this.#nextPath();
      await makeDirectory(dirname(path), durability);
      const isNumbered = path !== last;
      try {
        const rule = existingFiles === 'number' && isNumbered ? 'refuse' : existingFiles;
        this.path = await nameFile(this.path, path, rule);
        if (durability === 'directory') await syncDirectory(dirname(path));
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || existingFiles !== 'number') throw error;
        last = path;
      }
    }
  }

  /** Nothing is left of it. */
  async remove(): Promise<void> {
    if (this.path !== '') await unlink(this.path);
    this.path = '';
  }

  #nextPath(): string {
    const { outputDirectory, outputFileNameFormat } = this.#options;
    const { processorId, uniqueId } = this.#fields;
    const name = formatFileName(outputFileNameFormat, fieldsOf(this.#ids.next(), processorId, uniqueId));
    return resolve(join(outputDirectory, name));
  }
}

function fieldsOf(outputFileId: number, processorId: number, uniqueId: number) {
  return { outputFileId, processorId, uniqueId, frameId: uniqueId, objectId: uniqueId };
}

/** @throws {PvaflowError} PVAFLOW_FORMAT when the format is none, or has other fields */
export function checkFileNameFormat(format: string): void {
  namesBy(format, fieldsOf(1, 1, 1));
}

/** The name of a file by a format such as pvaPy's users have. */
export function formatFileName(format: string, fields: Readonly<Record<string, number>>): string {
  return namesBy(format, fields).nameOf(({ name }) => fields[name]);
}

function namesBy(format: string, fields: Readonly<Record<string, number>>): FileNames {
  return new FileNames(format, Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]])));
}
