import { ByteWriter } from './byte-writer.js';
import type { Message } from './messages.js';

/** The header of a group or dataset (version 2), all of it in one chunk. */
export function objectHeader(messages: readonly Message[]): Buffer {
  const FOUR_BYTES = 2; // of the size that follows
  const size = messages.reduce((sum, { body }) => sum + 4 + body.length, 0);
  const out = new ByteWriter().ascii('OHDR').u8(2, FOUR_BYTES).u32(size);
  for (const { type, body } of messages) out.u8(type).u16(body.length).u8(0).bytes(body);
  return out.checksum().done();
}

/** The first bytes of a file: where the root group is and how far the file reaches. */
export function superblock(rootGroup: number, endOfFile: number): Buffer {
  const out = new ByteWriter().u8(0x89).ascii('HDF\r\n\x1a\n').u8(3, 8, 8, 0);
  return out.u64(0).u64(-1).u64(endOfFile).u64(rootGroup).checksum().done();
}
