/** A detector that is killed while a large frame is on its way, and comes back. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { newPlace } from '../peers/network.js';
import { startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
const wholeFrames = fileURLToPath(new URL('fixtures/whole-frames.ts', import.meta.url));

it('leaves its consumer without half a frame, and with an account of both runs', async () => {
  const at = await newPlace();
  const detector = async (fps: string) => {
    const image = ['-cn', 'x', '-nx', '2048', '-ny', '2048', '-nf', '4', '-rt', '3600'];
    return (await startPvaflow(peers, ['sim-server', ...image, '-fps', fps, '-dc'], { at, ready: /^serving/ })).peer;
  };
  const first = await detector('0'); // as fast as it can, so that a frame is always on its way
  const args = ['-ic', 'x', '-pf', wholeFrames, '-pa', '{"frames":4}', '-rp', '0.1', '-rs', 'frame', '-dc'];
  const { peer: consumer } = await startPvaflow(peers, ['consumer', ...args], { sources: [at] });
  await consumer.line(/nProcessed=[2-9]\d/);
  first.kill('SIGKILL');
  const gone = await consumer.line(/went away after id \d+/);
  await detector('1'); // slow, so that its ids are below those of the first
  await consumer.line(/connected again/, 100_000);
  await consumer.nextLine(/nRestarted=1 /, 100_000);
  consumer.kill('SIGINT');
  expect(await consumer.exited).toEqual({ code: 0, signal: null });
  const lastId = Number(/after id (\d+)/.exec(gone)?.[1]);
  expect(lastId).toBeGreaterThanOrEqual(20);
  const summary = consumer.output.slice(-4).join('\n');
  expect(summary).toMatch(/failed 0 {3}missed 0 {3}rejected 0\n.*restarts of the source 1/);
}, 240_000);
