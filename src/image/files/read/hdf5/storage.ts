import type { OpenFile } from '../open-file.js';
import { Cursor, NOWHERE, type Widths } from './cursor.js';

const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1');
const MAX_USER_BLOCK = 2 ** 24;

/** An HDF5 file as its structures see it: addresses count from its superblock. */
export class Storage {
  private constructor(
    readonly file: OpenFile,
    readonly widths: Widths,
    readonly base: number,
    /** Address of the root group. */
    readonly root: number,
  ) {}

  /** @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it is no HDF5 file */
  static async open(file: OpenFile): Promise<Storage> {
    const at = await findSuperblock(file);
    const head = await file.readSome(at, 128);
    const version = head[8] ?? 0;
    if (version > 3) throw file.damaged(`is an HDF5 file of version ${version}, which is not read`);
    const isOld = version < 2;
    const widths = { offset: head[isOld ? 13 : 9] ?? 0, length: head[isOld ? 14 : 10] ?? 0 };
    if (![2, 4, 8].includes(widths.offset) || ![2, 4, 8].includes(widths.length))
      throw file.damaged(`is an HDF5 file with addresses of ${widths.offset} bytes`);
    const cursor = new Cursor(head, widths, isOld ? (version === 0 ? 24 : 28) : 12);
    const base = cursor.address();
    // v0, v1: free space, end, driver, and of the root's entry the place of its name; v2, v3: extension and end
    cursor.skip((isOld ? 4 : 2) * widths.offset);
    return new Storage(file, widths, base === NOWHERE ? 0 : base, cursor.address());
  }

  async read(address: number, length: number): Promise<Cursor> {
    if (address === NOWHERE) throw this.file.damaged('points to nothing where something must be');
    return new Cursor(await this.file.read(this.base + address, length), this.widths);
  }

  /** As read(), of what may end before. */
  async readSome(address: number, length: number): Promise<Cursor> {
    return new Cursor(await this.file.readSome(this.base + address, length), this.widths);
  }
}

/** It is at the beginning, or behind a block of the user's of 512, 1024, 2048 … bytes. */
async function findSuperblock(file: OpenFile): Promise<number> {
  for (let at = 0; at <= MAX_USER_BLOCK && at < file.size; at = at === 0 ? 512 : 2 * at) {
    if ((await file.readSome(at, SIGNATURE.length)).equals(SIGNATURE)) return at;
  }
  throw file.damaged('is no HDF5 file');
}
