import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { SeededRandom } from '../../../src/core/seeded-random.js';
import { Hdf5Reader } from '../../peers/hdf5.js';
import { usePeers } from '../../peers/peers.js';

const PROCESSES = 5;
/** Of each compression 200 are killed. */
const WRITERS = 240;

const peers = usePeers();

/** Kills a process with many writers somewhere in their work. @returns how many frames each had said to be saved */
async function killedAtRandom(folder: string, random: SeededRandom): Promise<number[]> {
  const program = fileURLToPath(new URL('writers.ts', import.meta.url));
  const peer = await peers.start({
    name: 'writers',
    command: process.execPath,
    args: ['--import', 'tsx', program, folder, String(WRITERS)],
    ready: /^saved/,
  });
  const lines = 1 + random.below(3 * WRITERS);
  while (peer.lines.length < lines) await peer.nextLine(/^saved/);
  await new Promise((resolve) => setTimeout(resolve, random.next() * 10)); // anywhere between two lines
  peer.kill('SIGKILL');
  await peer.exited;
  const saved = Array.from({ length: WRITERS }, () => 0);
  for (const line of peer.lines) {
    const [, number, count] = line.split(' ').map(Number);
    saved[number as number] = count as number;
  }
  return saved;
}

it(
  'every frame that was saved is readable when its process is killed, for each kind of writer at 200 random points',
  { timeout: 300_000 },
  async () => {
    const root = mkdtempSync(join(tmpdir(), 'pvaflow-hdf5-crash-'));
    try {
      const seed = Number(process.env.SEED ?? Date.now() % 2 ** 32);
      console.log(`the points are those of SEED=${seed}`);
      const random = new SeededRandom(seed);
      const reader = await Hdf5Reader.start(peers);
      for (let round = 0; round < PROCESSES; round++) {
        const folder = join(root, String(round));
        const saved = await killedAtRandom(folder, random);
        const files = saved.map((_, number) => filesIn(join(folder, String(number))));
        const found = await reader.pattern(files);
        found.forEach((ids, number) => {
          expect(ids).toEqual(ids.map((_, i) => i + 1));
          expect(ids.length).toBeGreaterThanOrEqual(saved[number] as number);
        });
        expect(saved.some((count) => count > 0)).toBe(true);
      }
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => name.endsWith('.hdf'));
  return names.sort().map((name) => join(folder, name));
}
