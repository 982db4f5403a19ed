/** Runs the commands of pvaPy's guide to its streaming framework as they stand there, but for the name of the program. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PvaClient, type NtNdArray } from 'pvaflow';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { projectRoot, pythonWithPeers } from '../peers/install.js';
import {
  caClientOf,
  clientOf,
  newPlace,
  pvapyClientOf,
  serverAt,
  type Environment,
  type Place,
} from '../peers/network.js';
import { compile, ourClientOf } from '../peers/ours.js';
import type { Peer } from '../peers/peer.js';
import { usePeers } from '../peers/peers.js';

const fixture = (name: string) => join(projectRoot, 'test', 'walkthroughs', 'fixtures', name);
const builtIn = (name: string) => join(projectRoot, 'processors', name);
const imageProcessor = join(projectRoot, 'examples', '2-images', '1-hpc-ad-image-processor.ts');

/** Where the guide says `/path/to/…`. */
const paths = {
  '/path/to/hpcAdImageProcessorExample.py': imageProcessor,
  '/path/to/hpcAdMetadataProcessorExample.py': fixture('hpc-ad-metadata-processor.ts'),
  '/path/to/splitAdImageProcessorExample.py': builtIn('split-ad-image-processor.ts'),
  '/path/to/stitchAdImageProcessorExample.py': builtIn('stitch-ad-image-processor.ts'),
};

/** Many processes start at once, on a machine that may have other things to do. */
const PATIENCE_MS = 180_000;

export interface TerminalOptions {
  /** Whose channels are found. */
  readonly sources?: readonly Place[];
  /** Where its own channels are served; a place of its own if not given. */
  readonly at?: Place;
  /** What is not as in the guide, so that the test is short: words of the command, and those in their place. */
  readonly instead?: Readonly<Record<string, string>>;
  /** More options. */
  readonly more?: string;
  readonly env?: Environment;
  readonly ready?: RegExp;
}

/** A command that runs, and where its channels are. */
export interface Terminal extends Peer {
  readonly place: Place;
}

export interface Guide {
  /** A folder for files; the working directory of all commands. */
  readonly folder: string;
  /** Types a command into a terminal of its own. */
  type(command: string, options?: TerminalOptions): Promise<Terminal>;
  /** A client of this process, closed after the test. */
  client(...places: readonly Place[]): PvaClient;
  /** Becomes the last subscriber that a simulator waits for (`--await-subscribers`), and holds nobody back. */
  letBegin(detector: Place, channel: string): void;
  /** Resolves when a channel has shown the image with this id. Becomes a subscriber at once. */
  image(place: Place, channel: string, id: number): Promise<NtNdArray>;
}

/** Call it at the top of a test file; all that runs ends with the file. */
export function useGuide(): Guide {
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-guide-'));
  afterAll(() => rmSync(folder, { recursive: true })); // hooks run last one first: when all processes have ended
  const peers = usePeers();
  beforeAll(compile, PATIENCE_MS);
  vi.setConfig({ testTimeout: PATIENCE_MS });
  const clients: PvaClient[] = [];
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  const clientOfPlaces = (...places: readonly Place[]) => {
    const client = new PvaClient(ourClientOf(...places));
    clients.push(client);
    return client;
  };
  return {
    folder,
    async type(command, { sources = [], at, instead = {}, more = '', env, ready } = {}) {
      const place = at ?? (await newPlace());
      const typed = `${replaced(command.trimEnd(), { ...paths, ...instead })} ${more}`;
      const peer = await peers.start({
        name: typed.trim(),
        command: 'bash',
        args: ['-c', `${programs()}\n${typed}`],
        cwd: folder,
        env: { ...finding(typed, sources), ...caClientOf(...sources), ...serverAt(place), ...env },
        ...(ready ? { ready } : {}),
      });
      return Object.assign(peer, { place });
    },
    client: clientOfPlaces,
    letBegin(detector, channel) {
      const subscription = clientOfPlaces(detector).monitor(channel, { queue: { onFull: 'dropOldest' } });
      subscription.onReadable(() => subscription.take());
    },
    async image(place, channel, id) {
      for await (const event of clientOfPlaces(place).monitor(channel)) {
        if (event.type !== 'update') continue;
        const image = event.value as NtNdArray;
        if (image.uniqueId >= id) return image;
        image.release();
      }
      throw new Error(`${channel} ended before the image ${id}`);
    },
  };
}

/** The programs, as functions of the shell: what is typed becomes the process itself. */
function programs(): string {
  const pvapy = dirname(pythonWithPeers());
  const ours = `"${process.execPath}" "${join(projectRoot, 'bin', 'pvaflow.js')}"`;
  const theirs = ['hpc-consumer', 'ad-sim-server'].map((name) => [
    `pvapy-${name}`,
    `"${join(pvapy, `pvapy-${name}`)}"`,
  ]);
  return [['pvaflow', ours], ...theirs].map(([name, file]) => `${name}() { exec ${file} "$@"; }`).join('\n');
}

/** pvaPy's clients have to be told of servers in another way: see `pvapyClientOf`. */
function finding(command: string, sources: readonly Place[]): Environment {
  return /\bpvapy-/.test(command) ? pvapyClientOf(...sources) : clientOf(...sources);
}

function replaced(text: string, words: Readonly<Record<string, string>>): string {
  for (const [before, after] of Object.entries(words)) {
    if (before.startsWith('/path/') || text.includes(before)) text = text.replaceAll(before, after);
    else throw new Error(`the command has no ${before}: ${text}`);
  }
  return text;
}

/** Waits until a terminal has shown a line that matches. */
export async function shows(terminal: Peer, pattern: RegExp): Promise<void> {
  await terminal.line(pattern, PATIENCE_MS);
}

/** Waits until these consumers of a command are connected to their input channel, whose name ends so. */
export async function connected(terminal: Peer, channel: string, ...consumers: number[]): Promise<void> {
  for (const id of consumers) await shows(terminal, new RegExp(`\\(consumer-${id}\\): .*${channel}: connected`));
}

/** Waits until each of these consumers of a command has seen its source end. */
export async function seenEnd(terminal: Peer, ...consumers: number[]): Promise<void> {
  for (const id of consumers)
    await terminal.line(new RegExp(`\\(consumer-${id}\\): .*: its server went away after id`));
}

/** The ids of the frames that each consumer showed on the terminal, as the image processor of the guide does. */
export function shownIds(terminal: Peer): Map<number, number[]> {
  const ids = new Map<number, number[]>();
  for (const line of terminal.lines) {
    const [, consumer, id] = /consumer (\d+) data sum: \d+ \(frame id: (\d+)\)/.exec(line) ?? [];
    if (consumer !== undefined) ids.set(Number(consumer), [...(ids.get(Number(consumer)) ?? []), Number(id)]);
  }
  return ids;
}

/** Presses Ctrl-C, and gives what the command says at its end. */
export async function interrupt(terminal: Peer): Promise<string> {
  terminal.kill('SIGINT');
  const { code } = await terminal.exited;
  if (code !== 0) throw new Error(`it ended with code ${code}${terminal.log()}`);
  return terminal.output.slice(terminal.output.findIndex((line) => line.startsWith('run of'))).join('\n');
}

/** The numbers from `first` to `last`, `step` apart. */
export function numbers(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, at) => first + at * step);
}
