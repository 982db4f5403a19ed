import { UNDEFINED_ADDRESS } from './byte-writer.js';
import type { ChunkIndex } from './chunk-index.js';
import type { Datatype } from './datatype.js';
import {
  attribute,
  contiguousLayout,
  dataspace,
  datatype,
  fillValue,
  filterPipeline,
  fixedArrayLayout,
  groupInfo,
  hardLink,
  type AttributeValue,
  type Filter,
  type Message,
} from './messages.js';
import { objectHeader } from './object-header.js';

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A group. The same dataset may be a member of several. */
export interface Group {
  readonly kind: 'group';
  readonly members: Readonly<Record<string, TreeNode>>;
  readonly attributes: Attributes;
}

/** A dataset that has one entry for each frame. */
export interface Dataset {
  readonly kind: 'dataset';
  readonly type: Datatype;
  /** Of one entry; empty for one value each. */
  readonly shape: readonly number[];
  readonly storage: Contiguous | Chunked;
  readonly attributes: Attributes;
}

export interface Contiguous {
  readonly address: number;
}

export interface Chunked {
  readonly index: ChunkIndex;
  /** Sizes of a chunk, that of one element not included. */
  readonly chunk: readonly number[];
  readonly filters: readonly Filter[];
  /** How many frames there may be. */
  readonly capacity: number;
}

export type TreeNode = Group | Dataset;

const ALIGNMENT = 8;

/**
 * The headers of all objects of a file, and the indexes of their chunks, in one block that can be written anywhere. Its size
 * does not depend on the number of frames.
 */
export class ObjectTree {
  /** Of the block. */
  readonly bytes: number;
  readonly #root: Group;
  /** Offsets in the block: of headers, and of indexes. */
  readonly #offsets = new Map<TreeNode | ChunkIndex, number>();

  constructor(root: Group) {
    this.#root = root;
    let end = 0;
    const place = (thing: TreeNode | ChunkIndex, bytes: number) => {
      this.#offsets.set(thing, end);
      end = alignedTo(ALIGNMENT, end + bytes);
    };
    for (const node of nodesUnder(root)) {
      place(node, objectHeader(this.#messages(node, 0, 0)).length);
      if (node.kind === 'dataset' && 'index' in node.storage) place(node.storage.index, node.storage.index.bytes);
    }
    this.bytes = end;
  }

  /** The block as it stands at `address` when there are so many frames, and the address of the root group. */
  encode(address: number, frames: number): { block: Buffer; rootGroup: number } {
    const block = Buffer.alloc(this.bytes);
    for (const [thing, offset] of this.#offsets) {
      const bytes =
        'kind' in thing ? objectHeader(this.#messages(thing, address, frames)) : thing.encode(address + offset);
      bytes.copy(block, offset);
    }
    return { block, rootGroup: address + this.#offset(this.#root) };
  }

  #messages(node: TreeNode, base: number, frames: number): Message[] {
    const attributes = Object.entries(node.attributes).map(([name, value]) => attribute(name, value));
    if (node.kind === 'dataset') return [...this.#datasetMessages(node, base, frames), ...attributes];
    const links = Object.entries(node.members).map(([name, member]) => hardLink(name, base + this.#offset(member)));
    return [...groupInfo(), ...links, ...attributes];
  }

  #datasetMessages({ type, shape, storage }: Dataset, base: number, frames: number): Message[] {
    const sizes = [frames, ...shape];
    if (!('index' in storage)) {
      const bytes = sizes.reduce((product, size) => product * size, type.bytes);
      const address = bytes === 0 ? UNDEFINED_ADDRESS : storage.address;
      return [dataspace({ sizes }), datatype(type), fillValue(false), contiguousLayout(address, bytes)];
    }
    const { index, chunk, filters, capacity } = storage;
    return [
      dataspace({ sizes, maximum: [capacity, ...shape] }),
      datatype(type),
      fillValue(true),
      fixedArrayLayout([...chunk, type.bytes], index.pageBits, base + this.#offset(index)),
      ...(filters.length > 0 ? [filterPipeline(filters)] : []),
    ];
  }

  /** 0 as long as it has no place: the sizes of headers do not depend on it. */
  #offset(thing: TreeNode | ChunkIndex): number {
    return this.#offsets.get(thing) ?? 0;
  }
}

export function alignedTo(alignment: number, address: number): number {
  return Math.ceil(address / alignment) * alignment;
}

function nodesUnder(root: Group): ReadonlySet<TreeNode> {
  const nodes = new Set<TreeNode>();
  const visit = (node: TreeNode) => {
    if (nodes.has(node)) return;
    nodes.add(node);
    if (node.kind === 'group') Object.values(node.members).forEach(visit);
  };
  visit(root);
  return nodes;
}
