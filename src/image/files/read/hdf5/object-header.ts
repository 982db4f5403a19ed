import { Cursor } from './cursor.js';
import type { Storage } from './storage.js';

/** What the messages of an object header are called in the specification. */
export enum Message {
  Dataspace = 0x01,
  LinkInfo = 0x02,
  Datatype = 0x03,
  FillValue = 0x05,
  Link = 0x06,
  Layout = 0x08,
  Filters = 0x0b,
  Attribute = 0x0c,
  Continuation = 0x10,
  SymbolTable = 0x11,
}

export interface HeaderMessage {
  readonly type: number;
  readonly isShared: boolean;
  readonly data: Buffer;
}

/** What an object of the file says of itself. */
export class ObjectHeader {
  constructor(
    readonly storage: Storage,
    readonly address: number,
    readonly messages: readonly HeaderMessage[],
  ) {}

  all(type: Message): Cursor[] {
    return this.messages
      .filter((message) => message.type === Number(type))
      .map(({ data }) => new Cursor(data, this.storage.widths));
  }

  one(type: Message): Cursor | undefined {
    return this.all(type)[0];
  }

  has(type: Message): boolean {
    return this.messages.some((message) => message.type === Number(type));
  }
}

const MAX_BLOCKS = 1000;
const FIRST = 16;

/** Source: section IV.A of https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html */
export async function readObjectHeader(storage: Storage, address: number): Promise<ObjectHeader> {
  const first = await storage.readSome(address, FIRST);
  const isNew = first.bytes.toString('latin1', 0, 4) === 'OHDR';
  const messages = isNew ? await newHeader(storage, address) : await oldHeader(storage, address, first);
  return new ObjectHeader(storage, address, messages);
}

async function oldHeader(storage: Storage, address: number, first: Cursor): Promise<HeaderMessage[]> {
  if (first.u8() !== 1) throw storage.file.damaged('has an object header of an unknown version');
  const length = first.skip(7).u32();
  const parse = (cursor: Cursor) => {
    const [type, size, flags] = [cursor.u16(), cursor.u16(), cursor.u8()];
    return { type, isShared: (flags & 2) !== 0, data: cursor.skip(3).take(size) };
  };
  return readBlocks(storage, [await storage.read(address + FIRST, length)], 8, parse, (cursor) => cursor);
}

async function newHeader(storage: Storage, address: number): Promise<HeaderMessage[]> {
  const head = (await storage.readSome(address, 64)).expect('OHDR').skip(1);
  const flags = head.u8();
  head.skip((flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
  const length = head.uint(1 << (flags & 3));
  const order = flags & 4 ? 2 : 0;
  const parse = (cursor: Cursor) => {
    const [type, size, messageFlags] = [cursor.u8(), cursor.u16(), cursor.u8()];
    return { type, isShared: (messageFlags & 2) !== 0, data: cursor.skip(order).take(size) };
  };
  const inner = (block: Cursor) => {
    const CHECKSUM = 4;
    return new Cursor(block.expect('OCHK').take(block.left - CHECKSUM), storage.widths);
  };
  return readBlocks(storage, [await storage.read(address + head.at, length)], 4 + order, parse, inner);
}

/** All messages, those of further blocks too. */
async function readBlocks(
  storage: Storage,
  blocks: Cursor[],
  least: number,
  parse: (cursor: Cursor) => HeaderMessage,
  inner: (block: Cursor) => Cursor,
): Promise<HeaderMessage[]> {
  const messages: HeaderMessage[] = [];
  for (let block = blocks.shift(), n = 0; block !== undefined; block = blocks.shift(), n++) {
    if (n > MAX_BLOCKS) throw storage.file.damaged('has an object header without an end');
    while (block.left >= least) {
      const message = parse(block);
      if (message.type !== Number(Message.Continuation)) messages.push(message);
      else {
        const place = new Cursor(message.data, storage.widths);
        blocks.push(inner(await storage.read(place.address(), place.length())));
      }
    }
  }
  return messages;
}
