import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NtScalar, PvaServer } from 'pvaflow';
import { newPlace } from '../../test/peers/network.js';
import { compile, ourServerAt } from '../../test/peers/ours.js';
import { endAndAccount } from './account.js';
import { disturbances, type Disturbance } from './disturbances.js';
import { CHANGING, startPlant, type Plant } from './plant.js';
import { growthTable } from './verdicts.js';
import { Watch } from './watch.js';

const SAMPLE_SECONDS = 10;
const TABLE_SECONDS = 300;

/**
 * Runs what a beamline runs, at modest rates, while clients come and go, processes die and sources start again; tells what
 * grew, and what became of every frame.
 */
export async function soak(minutes: number, tell: (text: string) => void): Promise<string> {
  compile();
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-soak-'));
  const place = await newPlace();
  using changing = new PvaServer(ourServerAt(place));
  changing.addChannel(CHANGING, NtScalar.from(1));
  try {
    const plant = await startPlant(folder, place);
    const published = { frames: 0, sources: 0 };
    const watch = new Watch();
    const over = AbortSignal.timeout(minutes * 60_000);
    const tasks = disturbances(plant, changing, published);
    const counts = await Promise.all([
      follow(plant, watch, over, tell),
      ...tasks.map((each) => repeat(each, over, tell)),
    ]);
    const happened = tasks.map(({ name }, at) => `${name}: ${counts[at + 1]}`).join(', ');
    const account = await endAndAccount(plant, folder, published);
    return `${minutes} minutes; ${happened}\n\n${growthTable(watch.series)}\n${account}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Reads the figures until it is over; shows now and then how they are. */
async function follow(plant: Plant, watch: Watch, over: AbortSignal, tell: (text: string) => void): Promise<number> {
  let samples = 0;
  for (; await pause(SAMPLE_SECONDS, over); samples++) {
    await watch.sample(plant);
    if (samples % (TABLE_SECONDS / SAMPLE_SECONDS) === 0) tell(growthTable(watch.series));
  }
  return samples;
}

/** @returns how often it happened */
async function repeat(each: Disturbance, over: AbortSignal, tell: (text: string) => void): Promise<number> {
  let count = 0;
  while (await pause(each.everySeconds, over)) {
    try {
      await each.happen();
      count += 1;
    } catch (error) {
      tell(`${new Date().toISOString()} ${each.name}: ${String(error)}`);
    }
  }
  return count;
}

/** @returns false when it is over */
async function pause(seconds: number, over: AbortSignal): Promise<boolean> {
  if (over.aborted) return false;
  await sleep(seconds * 1000, undefined, { signal: over }).catch(() => {});
  return !over.aborted;
}
