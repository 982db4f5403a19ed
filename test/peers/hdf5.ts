import { fileURLToPath } from 'node:url';
import { hdf5Folder } from './install.js';
import type { Peer } from './peer.js';
import type { Peers } from './peers.js';

/** A group or a dataset of a file, as h5py sees it. */
export interface Hdf5Item {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly chunks: readonly number[] | null;
  readonly filters: readonly string[];
  /** All elements in C order; not of texts. */
  readonly hex: string;
  /** Of texts. */
  readonly values: readonly string[];
}

/** Everything in a file by its path; `''` is the root. */
export type Hdf5Contents = Readonly<Record<string, Hdf5Item>>;

/** Hundreds of files may be read for one answer. */
const READ_MS = 120_000;

const script = (name: string) => fileURLToPath(new URL(`python/${name}`, import.meta.url));

/** How a program in Python with h5py, hdf5plugin, silx and nexusformat is started. */
export function hdf5Python(name: string, ...args: string[]) {
  const path = hdf5Folder();
  return { name, command: 'python3', args: [script(name), ...args], env: { PYTHONPATH: path } };
}

/** h5py in a process of its own, which reads files. */
export class Hdf5Reader {
  private constructor(private readonly peer: Peer) {}

  static async start(peers: Peers): Promise<Hdf5Reader> {
    return new Hdf5Reader(await peers.start(hdf5Python('hdf5_reader.py')));
  }

  read(files: readonly string[]): Promise<Hdf5Contents[]> {
    return this.request('read', files);
  }

  /** What silx finds as the default signal. */
  silx(files: readonly string[]): Promise<{ isValid: boolean; shape: number[]; axes: (string | null)[] }[]> {
    return this.request('silx', files);
  }

  /** The same of nexusformat, by which NeXpy reads files. */
  nexus(files: readonly string[]): Promise<{ shape: number[]; axes: string[]; sum: number }[]> {
    return this.request('nexus', files);
  }

  /** The ids of the frames in each list of files. Rejects where a pixel is not what follows from its frame's id; see frames.ts. */
  pattern(files: readonly (readonly string[])[]): Promise<number[][]> {
    return this.request('pattern', files);
  }

  /** How many frames a reader sees that keeps the file open from the first call on. */
  async follow(file: string): Promise<number> {
    const [count = 0] = await this.request<number[]>('follow', [file]);
    return count;
  }

  private async request<T>(command: string, files: readonly unknown[]): Promise<T> {
    const line = this.peer.nextLine(/^\[/, READ_MS);
    this.peer.write(JSON.stringify({ command, files }));
    return JSON.parse(await line) as T;
  }
}
