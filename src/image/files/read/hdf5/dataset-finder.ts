import { dirname, resolve } from 'node:path';
import type { PvaflowError } from '../../../../core/errors.js';
import { OpenFile } from '../open-file.js';
import { isCollection, isGroup, linksOf, type Link } from './group.js';
import { readObjectHeader, type ObjectHeader } from './object-header.js';
import { Storage } from './storage.js';

const MAX_LINKS = 32;
const MAX_OBJECTS = 10_000;
const SHOWN = 10;

/** Looks for datasets in a file, and in those that it links to. */
export class DatasetFinder {
  readonly #open: Storage[] = [];

  private constructor() {}

  static async open(path: string): Promise<DatasetFinder> {
    const finder = new DatasetFinder();
    await finder.#storage(path);
    return finder;
  }

  async close(): Promise<void> {
    await Promise.all(this.#open.map(({ file }) => file.close()));
  }

  /**
   * The dataset of a name; without one, the only one that is suitable and in no collection of NeXus.
   *
   * @throws {PvaflowError} PVAFLOW_FILE_CONTENT naming what there is
   */
  async find<T>(
    name: string | undefined,
    info: (header: ObjectHeader) => T | undefined,
    isSuitable: (info: T) => boolean,
  ): Promise<ObjectHeader> {
    if (name !== undefined) return this.#named(this.#first, name, 0);
    const found: { path: string; header: ObjectHeader }[] = [];
    for await (const { path, header } of this.#all()) {
      const known = attempt(() => info(header));
      if (known !== undefined && isSuitable(known)) found.push({ path, header });
    }
    const [only, ...others] = found;
    if (only !== undefined && others.length === 0) return only.header;
    const names = found.map(({ path }) => path);
    const what =
      only === undefined
        ? 'has no dataset of images'
        : `has several datasets of images, of which one must be named by --hdf-dataset (-hds): ${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ' …' : ''}`;
    throw this.#first.file.damaged(what);
  }

  get #first(): Storage {
    return this.#open[0] as Storage;
  }

  async #storage(path: string): Promise<Storage> {
    const known = this.#open.find(({ file }) => file.path === path);
    if (known !== undefined) return known;
    const file = await OpenFile.open(path);
    try {
      const storage = await Storage.open(file);
      this.#open.push(storage);
      return storage;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #named(storage: Storage, path: string, depth: number): Promise<ObjectHeader> {
    let header = await readObjectHeader(storage, storage.root);
    let at = '';
    for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
      const links = isGroup(header) ? await linksOf(header) : [];
      const link = links.find((each) => each.name === name);
      if (link === undefined) throw missing(storage, path, at, links);
      header = await this.#follow(header.storage, at, link, depth);
      at = `${at}/${name}`;
    }
    return header;
  }

  async #follow(storage: Storage, group: string, link: Link, depth: number): Promise<ObjectHeader> {
    if ('address' in link) return readObjectHeader(storage, link.address);
    if (depth > MAX_LINKS) throw storage.file.damaged(`has links that go round in a circle: ${link.name}`);
    if (link.file !== undefined) {
      const file = resolve(dirname(storage.file.path), link.file);
      return this.#named(await this.#storage(file), link.path, depth + 1);
    }
    const path = link.path.startsWith('/') ? link.path : `${group}/${link.path}`;
    return this.#named(storage, path, depth + 1);
  }

  /** Every object of the file itself, each once, under the first of its names. */
  async *#all(): AsyncGenerator<{ path: string; header: ObjectHeader }> {
    const storage = this.#first;
    const seen = new Set<number>();
    const queue = [{ path: '', address: storage.root }];
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (seen.has(next.address) || seen.size > MAX_OBJECTS) continue;
      seen.add(next.address);
      const { path } = next;
      const header = await readObjectHeader(storage, next.address);
      if (!isGroup(header)) yield { path, header };
      else if (attempt(() => isCollection(header)) !== true)
        for (const link of await linksOf(header))
          if ('address' in link) queue.push({ path: `${path}/${link.name}`, address: link.address });
    }
  }
}

function missing(storage: Storage, path: string, at: string, links: readonly Link[]): PvaflowError {
  const names = links.slice(0, SHOWN).map(({ name }) => name);
  const there = names.length === 0 ? 'nothing' : `${names.join(', ')}${links.length > SHOWN ? ' …' : ''}`;
  return storage.file.damaged(`has no ${path}: in ${at === '' ? '/' : at} there is ${there}`);
}

/** What cannot be read is not what is looked for. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
