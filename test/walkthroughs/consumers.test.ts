/** "Single Consumer", "Multiple Consumers", "… With Data Distribution" and "Multiple Consumer Sets With Data Distribution". */
import { expect, it } from 'vitest';
import { newPlace, type Place } from '../peers/network.js';
import { interrupt, numbers, seenEnd, shows, shownIds, useGuide } from './guide.js';

const guide = useGuide();

it('a single consumer', async () => {
  const detector = await newPlace();
  const consumer = await guide.type(
    String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-file /path/to/hpcAdImageProcessorExample.py \
    --processor-class HpcAdImageProcessor \
    --report-period 10 \
    --log-level debug`,
    { sources: [detector] },
  );
  await guide.type('pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 1', {
    at: detector,
    instead: { '-fps 1': '-fps 100' },
    more: '--await-subscribers 1',
  });
  await shows(consumer, /frame id: 20\)/);
  expect(shownIds(consumer).get(1)?.slice(0, 20)).toEqual(numbers(1, 20));

  const at = { sources: [consumer.place] };
  const says = async (command: string) => {
    const tool = await guide.type(command, at);
    expect(await tool.exited).toMatchObject({ code: 0 });
    return tool.output.join('\n');
  };
  /** Asks again until the answer is so. */
  const saysThat = async (command: string, what: RegExp) => {
    while (!what.test(await says(command)));
  };
  await saysThat('pvaflow get -r uniqueId consumer:1:output', /uniqueId [1-9]/);
  await saysThat('pvaflow get consumer:1:status', /processorStats[^]*nProcessed [1-9][^]*nMissed 0\n/);
  await says(String.raw`pvaflow put consumer:1:control '{"command" : "configure", "args" : "{\"x\":100}"}'`);
  await shows(consumer, /configuration update: \{"x":100\}/);
  await saysThat('pvaflow get consumer:1:control', /statusMessage "Configuration successful"/);
  await says(`pvaflow put consumer:1:control '{"command" : "stop"}'`);
  expect(await consumer.exited).toEqual({ code: 0, signal: null });
});

/** The command that the sections on several consumers begin with. */
const consumers = (more: string) => String.raw`
pvaflow consumer \
    --input-channel pvapy:image \
    --control-channel consumer:*:control \
    --status-channel consumer:*:status \
    --output-channel consumer:*:output \
    --processor-file /path/to/hpcAdImageProcessorExample.py \
    --processor-class HpcAdImageProcessor \
    --report-period 10 \
    --log-level debug ${more}`;

const FRAMES = 60;

/** The simulator of these sections; it begins when so many consumers are there, and ends soon. */
const simulator = (at: Place, awaited: number) =>
  guide.type('pvaflow sim-server -cn pvapy:image -nx 128 -ny 128 -dt uint8 -rt 60 -fps 1', {
    at,
    instead: { '-fps 1': '-fps 100' },
    more: `--count ${FRAMES} --await-subscribers ${awaited}`,
  });

it('multiple consumers, which all get all images', async () => {
  const detector = await newPlace();
  const terminal = await guide.type(consumers('--n-consumers 2'), { sources: [detector] });
  await simulator(detector, 2);
  const client = guide.client(terminal.place);
  for (const id of [1, 2]) await client.get(`consumer:${id}:output`, { timeout: 50 });
  await seenEnd(terminal, 1, 2);
  expect(await interrupt(terminal)).toMatch(
    /consumer 1 {3}received 60 .*missed 0.*\n {2}consumer 2 {3}received 60 .*missed 0/,
  );
  expect(shownIds(terminal)).toEqual(new Map([1, 2].map((id) => [id, numbers(1, FRAMES)])));
});

it('multiple consumers with data distribution, which get the images in turn', async () => {
  const detector = await newPlace();
  const terminal = await guide.type(consumers('--n-consumers 2 --distributor-updates 1'), {
    sources: [detector],
  });
  await simulator(detector, 2);
  await seenEnd(terminal, 1, 2);
  expect(await interrupt(terminal)).toMatch(/2 consumers: 60 frames expected, ids 1–60\n.*missed 0/);
  const ids = [...shownIds(terminal).values()].sort(([a = 0], [b = 0]) => a - b);
  expect(ids).toEqual([numbers(1, FRAMES, 2), numbers(2, FRAMES, 2)]);
});

it('multiple consumer sets with data distribution: the members of a set get the same images', async () => {
  const detector = await newPlace();
  const sets = await Promise.all(
    [
      '--consumer-id 1 --n-distributor-sets 2 --distributor-set A',
      '--consumer-id 3 --n-distributor-sets 2 --distributor-set B',
    ].map((more) => guide.type(consumers(`--n-consumers 2 --distributor-updates 3 ${more}`), { sources: [detector] })),
  );
  await simulator(detector, 4);
  for (const [at, terminal] of sets.entries()) await seenEnd(terminal, 2 * at + 1, 2 * at + 2);
  const summaries = await Promise.all(sets.map(interrupt));
  for (const summary of summaries)
    expect(summary).toMatch(/consumer \d {3}received 30 .*missed 0.*\n {2}consumer \d {3}received 30 .*missed 0/);
  const all = numbers(1, FRAMES);
  const turns = [all.filter((id) => (id - 1) % 6 < 3), all.filter((id) => (id - 1) % 6 >= 3)];
  const seen = sets.map((terminal) => [...shownIds(terminal).values()]);
  expect(seen.sort(([[a = 0] = []], [[b = 0] = []]) => a - b)).toEqual(turns.map((turn) => [turn, turn]));
});
