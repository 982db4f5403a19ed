/** Processors that do what they should not, under the real command. */
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, it } from 'vitest';
import type { Place } from '../peers/network.js';
import { startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
const throws = fileURLToPath(new URL('../hpc/fixtures/throws.ts', import.meta.url));
let detector: Place;

beforeAll(async () => {
  const image = ['-cn', 'x', '-nx', '16', '-ny', '16', '-fps', '100', '-rt', '3600', '-dc'];
  ({ place: detector } = await startPvaflow(peers, ['sim-server', ...image], { ready: /^serving/ }));
}, 180_000); // the first test with the executable compiles it

const consumer = async (where: string, ...more: string[]) => {
  const args = ['-ic', 'x', '-pf', throws, '-pa', JSON.stringify({ where }), '--fail-on-loss', '-dc', ...more];
  return (await startPvaflow(peers, ['consumer', ...args], { sources: [detector] })).peer;
};

it('one that gives something else than an object fails on these frames alone, and the summary names them', async () => {
  const peer = await consumer('a promise of a string');
  await peer.line(/throws failed on id \d+.*: process gave a string; it must give a pvAccess object/, 100_000);
  peer.kill('SIGINT');
  expect(await peer.exited).toEqual({ code: 4, signal: null });
  expect(peer.output.join('\n')).toMatch(
    /failed [\d,]+ \(ids? .*: TypeError in throws\.process\) {3}missed 0 {3}rejected 0/,
  );
});

it('one that never gives a frame back is given up at the end, and the summary names it and those behind it', async () => {
  const peer = await consumer('never', '--drain-timeout', '0.2', '-rp', '0.1', '-rs', 'frame');
  await peer.line(/nProcessed=1 .*nInFlight=[1-9]/, 100_000);
  peer.kill('SIGINT');
  expect(await peer.exited).toEqual({ code: 4, signal: null });
  expect(peer.output.join('\n')).toMatch(/processed 1 {3}.* {3}rejected \d+ \(ids? \d.*: stopped\)/);
});
