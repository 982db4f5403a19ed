import { Cursor, NOWHERE } from './cursor.js';
import { Message, type ObjectHeader } from './object-header.js';
import type { Storage } from './storage.js';

/** What a name in a group stands for: an object of this file, a path in it, or a path in another file. */
export type Link =
  | { readonly name: string; readonly address: number }
  | { readonly name: string; readonly path: string; readonly file?: string };

const MAX_NODES = 100_000;
const SOFT = 1;
const EXTERNAL = 64;

export function isGroup(header: ObjectHeader): boolean {
  return header.has(Message.SymbolTable) || header.has(Message.LinkInfo) || header.has(Message.Link);
}

/** Whether NeXus has it as a collection of anything: what is in it is not what the file is about. */
export function isCollection(header: ObjectHeader): boolean {
  return header.all(Message.Attribute).some((attribute) => {
    const version = attribute.u8();
    const [name, type, space] = [attribute.skip(1).u16(), attribute.u16(), attribute.u16()];
    const bytes = (size: number) => attribute.take(version === 1 ? 8 * Math.ceil(size / 8) : size);
    if (version >= 3) attribute.skip(1);
    if (bytes(name).toString('latin1', 0, name) !== 'NX_class\0') return false;
    bytes(type);
    bytes(space);
    return attribute.take(attribute.left).toString('latin1').startsWith('NXcollection');
  });
}

/** The members of a group. */
export async function linksOf(header: ObjectHeader): Promise<Link[]> {
  const { storage } = header;
  const table = header.one(Message.SymbolTable);
  if (table !== undefined) return symbolTable(storage, table.address(), table.address());
  const info = header.one(Message.LinkInfo);
  if (info !== undefined) {
    const flags = info.skip(1).u8();
    if (info.skip(flags & 1 ? 8 : 0).address() !== NOWHERE)
      throw storage.file.damaged(
        'has a group with its links in a heap, which is not read: name the file that is linked, or copy it by h5repack',
      );
  }
  return header.all(Message.Link).map(linkOf);
}

function linkOf(message: Cursor): Link {
  const flags = message.skip(1).u8();
  const type = flags & 8 ? message.u8() : 0;
  message.skip((flags & 4 ? 8 : 0) + (flags & 0x10 ? 1 : 0));
  const name = message.take(message.uint(1 << (flags & 3))).toString('utf8');
  if (type === SOFT) return { name, path: message.take(message.u16()).toString('utf8') };
  if (type !== EXTERNAL) return { name, address: message.address() };
  const target = new Cursor(message.take(message.u16()), message.widths).skip(1);
  return { name, file: target.text(), path: target.text() };
}

/** Groups as they were until HDF5 1.8, and are by default: a B-tree of symbol tables, with names in a heap. */
async function symbolTable(storage: Storage, tree: number, heap: number): Promise<Link[]> {
  const { widths } = storage;
  const head = (await storage.read(heap, 8 + 2 * widths.length + widths.offset)).expect('HEAP').skip(4);
  const size = head.length();
  const names = await storage.read(head.skip(widths.length).address(), size);
  const nameAt = (at: number) => new Cursor(names.bytes, widths, at).text();
  const links: Link[] = [];
  const nodes = [tree];
  for (let node = nodes.shift(), n = 0; node !== undefined; node = nodes.shift(), n++) {
    if (n > MAX_NODES) throw storage.file.damaged('has a group without an end');
    const kind = (await storage.read(node, 4)).bytes.toString('latin1');
    if (kind === 'TREE') nodes.push(...(await children(storage, node)));
    else links.push(...(await symbols(storage, node, nameAt)));
  }
  return links;
}

async function children(storage: Storage, node: number): Promise<number[]> {
  const { offset, length } = storage.widths;
  const entries = (await storage.read(node, 8)).skip(6).u16();
  const cursor = (await storage.read(node, 8 + 2 * offset + entries * (offset + length))).skip(8 + 2 * offset);
  return Array.from({ length: entries }, () => cursor.skip(length).address());
}

async function symbols(storage: Storage, node: number, nameAt: (at: number) => string): Promise<Link[]> {
  const ENTRY = 2 * storage.widths.offset + 24;
  const count = (await storage.read(node, 8)).expect('SNOD').skip(2).u16();
  const cursor = (await storage.read(node, 8 + count * ENTRY)).skip(8);
  return Array.from({ length: count }, () => {
    const name = nameAt(cursor.address());
    const address = cursor.address();
    const isSoft = cursor.u32() === 2;
    const target = cursor.skip(4).u32();
    cursor.skip(12);
    return isSoft ? { name, path: nameAt(target) } : { name, address };
  });
}
