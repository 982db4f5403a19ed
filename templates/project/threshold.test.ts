import assert from 'node:assert/strict';
import { test } from 'node:test';
import { frames, framesOf, runProcessor } from 'pvaflow/testing';
import Threshold from './threshold.js';

test('pixels below the level become 0, and those above it are counted', async () => {
  const image = [
    [100, 119],
    [120, 500],
  ];
  const run = await runProcessor(Threshold, { config: { level: 120 }, frames: framesOf([image]) });
  const published = run.published.map(({ rows }) => rows);
  assert.deepEqual(published, [
    [
      [0, 0],
      [120, 500],
    ],
  ]);
  assert.deepEqual(run.userStats, { nAbove: 2 });
});

test('each frame that comes is published, also where the detector loses some', async () => {
  const stream = frames({ count: 100, shape: [64, 64], pattern: 'moving-spot' }).lossy({ rate: 0.1, seed: 7 });
  const run = await runProcessor(Threshold, { frames: stream });
  const { nReceived, nMissed } = run.stats.frameStats;
  assert.equal(nReceived + nMissed, 100);
  assert.ok(nMissed > 0);
  assert.equal(run.published.length, nReceived);
  assert.deepEqual(run.failed, []);
  assert.deepEqual(run.leaks, []);
});
