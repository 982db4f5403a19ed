/** The examples that tell how processors are written, one after the other, as a user would try them. */
import { fileURLToPath } from 'node:url';
import { PvaClient } from 'pvaflow';
import { frames, framesOf, openProcessor, runConfiguration, runProcessor } from 'pvaflow/testing';
import { describe, expect, test } from 'vitest';

const example = (name: string) => fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
const image = [
  [1, 2, 3],
  [4, 5, 600],
];

describe('basics', () => {
  test('upside down', async () => {
    const run = await runProcessor(example('1-basics/1-upside-down.ts'), { frames: framesOf([image]) });
    expect(run.published.map(({ rows }) => rows)).toEqual([[...image].reverse()]);
    expect(run.published[0]?.id).toBe(1);
  });

  test('gain', async () => {
    await using run = await openProcessor(example('1-basics/2-gain.ts'), { config: { gain: 2.5 } });
    await run.feed(framesOf([image]));
    await run.configure({ gain: 3 });
    await run.feed(framesOf([image], { firstId: 2 }));
    expect(run.published.map(({ rows }) => rows)).toEqual([
      [
        [2, 5, 7],
        [10, 12, 1500],
      ],
      [
        [3, 6, 9],
        [12, 15, 1800],
      ],
    ]);
    await expect(run.configure({ gain: 0 })).rejects.toThrow('gain must be a number above 0, found 0');
    await expect(openProcessor(example('1-basics/2-gain.ts'), { config: { gian: 2 } })).rejects.toThrow(
      'gian: unknown key. Did you mean "gain"?',
    );
  });

  test('threshold', async () => {
    await using run = await openProcessor(example('1-basics/3-threshold.ts'), { config: { level: 5 } });
    await run.feed(framesOf([image]));
    expect(run.published[0]?.rows).toEqual([
      [0, 0, 0],
      [0, 5, 600],
    ]);
    expect(run.userStats).toEqual({ nAbove: 2 });
    run.resetStats();
    expect(run.userStats).toEqual({ nAbove: 0 });
  });

  test('every nth', async () => {
    const file = example('1-basics/4-every-nth.ts');
    const run = await runProcessor(file, { config: { n: 3 }, frames: frames({ count: 7, shape: [1, 1] }) });
    expect(run.published.map(({ id }) => id)).toEqual([1, 4, 7]);
    expect(run.stats.frameStats).toMatchObject({ nProcessed: 3, nFiltered: 4 });
    expect(run.userStats).toEqual({ nPublished: 3 });
    expect(run.log.map(({ message }) => message)).toContain('test:input: one in 3 goes to test:output');
    await expect(openProcessor(file, { config: { n: 0 } })).rejects.toThrow('n must be a whole number of at least 1');
  });

  test('a channel with the mean', async () => {
    const config = { limit: 100 };
    await using run = await openProcessor(example('1-basics/5-mean-channel.ts'), { config });
    await run.feed(framesOf([image, [[1, 2]]]));
    expect(run.published.map(({ rows }) => rows)).toEqual([
      image,
      image.map((row) => row.map((pixel) => 65_535 - pixel)),
    ]);
    expect(run.published.map(({ id }) => id)).toEqual([1, 1]);
    using client = new PvaClient(run.clientConfig());
    expect((await client.get('test:output:mean')).get('value')).toBe(1.5);
  });
});

test('metadata: the last current', async () => {
  const metadata = { 'SR:current': [{ value: 400.5 }, { value: 400.25 }] };
  await using run = await openProcessor(example('3-metadata/1-last-current.ts'), { metadata });
  await run.feed(framesOf([image, image]));
  await run.updateMetadata('SR:current', { value: 399 });
  await run.feed(framesOf([image], { firstId: 3 }));
  await run.stop();
  expect(run.published.map(({ attributes }) => attributes.Current)).toEqual([400.25, 400.25, 399]);
  expect(run.leaks).toEqual([]);
});

describe('chains', () => {
  const bright = [[999, 1000]];
  const dark = [[5, 6]];

  test('one tells the next', async () => {
    const file = example('6-chains/1-keep-bright.ts');
    const steps = [
      { processor: file, className: 'FindMaximum' },
      { processor: file, className: 'KeepBright', config: { least: 1000 } },
    ];
    const run = await runProcessor(steps, { frames: framesOf([dark, bright, dark]) });
    expect(run.published.map(({ rows }) => rows)).toEqual([bright]);
    expect(run.userStats).toEqual({ nDark: 2 });
    expect(run.stats.stageStats).toMatchObject({ findMaximum: { nProcessed: 3 }, keepBright: { nFiltered: 2 } });
  });

  test('a configuration file', async () => {
    const stream = framesOf([dark, [[1000], [50], [49]]]);
    const run = await runConfiguration(example('6-chains/2-pipeline.yaml'), { frames: stream });
    expect(run.published.map(({ rows }) => rows)).toEqual([[[0], [50], [1000]]]);
    expect(run.lossReport).toMatchObject({ inputChannel: '13SIM1:Pva1:Image', filtered: 1, published: 1 });
  });
});
