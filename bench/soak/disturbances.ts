import { readdirSync, statSync, unlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { NtScalar, PvaClient, type PvaServer } from 'pvaflow';
import { projectRoot } from '../../test/peers/install.js';
import { clientOf, type Place } from '../../test/peers/network.js';
import { ourClientOf } from '../../test/peers/ours.js';
import { Peer } from '../../test/peers/peer.js';
import { CHANGING, CONTROLS, MIRRORED, OUTPUTS, type Plant } from './plant.js';
import { childrenOf } from './process-figures.js';

/** Something that happens again and again beside a detector. */
export interface Disturbance {
  readonly name: string;
  readonly everySeconds: number;
  happen(): Promise<void>;
}

/** What the sources that were ended say they had published. */
export interface Published {
  frames: number;
  /** How many they were. */
  sources: number;
}

/** Clients that are there for a moment: as many monitors as there are channels. */
const VISIT_MS = 1000;
/** For so long a monitor takes nothing before it dies. */
const STUCK_MS = 3000;
const KEPT_FILES = 10;

/** All that happens to the plant, but for the frames. */
export function disturbances(plant: Plant, changing: PvaServer, published: Published): Disturbance[] {
  const places = [plant.consumers, plant.collector, plant.mirror, plant.hdf5, plant.tiff, plant.join].map(
    ({ place }) => place,
  );
  return [
    { name: 'monitors came and went', everySeconds: 3, happen: () => visit(places) },
    { name: 'statistics asked', everySeconds: 5, happen: () => control(places, 'get_stats', '') },
    { name: 'configured', everySeconds: 11, happen: () => control(places, 'configure', '{}') },
    { name: 'old files removed', everySeconds: 20, happen: () => removeOldFiles(plant) },
    { name: 'monitor killed while it was stuck', everySeconds: 31, happen: () => killMonitor(plant) },
    { name: 'consumer killed', everySeconds: 67, happen: () => killConsumer(plant) },
    { name: 'source ended and started', everySeconds: 97, happen: () => restartSource(plant, published) },
    { name: 'type changed', everySeconds: 13, happen: () => changeType(changing) },
  ];
}

async function visit(places: readonly Place[]): Promise<void> {
  using client = new PvaClient(ourClientOf(...places));
  const subscriptions = OUTPUTS.map((name) => client.monitor(name, { queue: { onFull: 'dropOldest' } }));
  for (const subscription of subscriptions) subscription.onReadable(() => subscription.take());
  await sleep(VISIT_MS);
  for (const subscription of subscriptions) subscription.close();
}

async function control(places: readonly Place[], command: string, args: string): Promise<void> {
  using client = new PvaClient(ourClientOf(...places));
  await Promise.all(CONTROLS.map((name) => client.put(name, { command, args })));
}

/** As whoever keeps a disk from filling up does: files that are complete, the oldest first. */
function removeOldFiles({ folders }: Plant): Promise<void> {
  for (const folder of Object.values(folders)) {
    const names = readdirSync(folder).filter((name) => /\.(hdf|tiff)$/.test(name));
    const byAge = names.map((name) => join(folder, name)).sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs);
    for (const old of byAge.slice(0, -KEPT_FILES)) unlinkSync(old);
  }
  return Promise.resolve();
}

/** It takes nothing for a while, and vanishes without a word. */
async function killMonitor({ mirror }: Plant): Promise<void> {
  const monitor = await Peer.start({
    name: 'monitor',
    command: process.execPath,
    args: [join(projectRoot, 'bin', 'pvaflow.js'), 'monitor', '--field', 'uniqueId', MIRRORED],
    env: clientOf(mirror.place),
    ready: /./,
  });
  monitor.kill('SIGSTOP');
  await sleep(STUCK_MS);
  monitor.kill('SIGKILL');
  await monitor.exited;
}

/** The second of two that share the frames; its parent starts it again. */
function killConsumer({ consumers }: Plant): Promise<void> {
  const second = childrenOf(consumers.peer.pid)[1];
  if (second !== undefined) process.kill(second, 'SIGKILL');
  return Promise.resolve();
}

async function restartSource({ source }: Plant, published: Published): Promise<void> {
  published.frames += framesOf(await source.finish());
  published.sources += 1;
  await source.begin();
}

/** What a simulator said at its end. */
export function framesOf(output: readonly string[]): number {
  return Number(/^Published frames: (\d+)/m.exec(output.join('\n'))?.[1] ?? NaN);
}

let isText = false;

function changeType(changing: PvaServer): Promise<void> {
  changing.removeChannel(CHANGING);
  isText = !isText;
  changing.addChannel(CHANGING, isText ? NtScalar.from('a text') : NtScalar.from(1));
  return Promise.resolve();
}
