import { describe, expect, it } from 'vitest';
import { isCut, partConfig, placesOf } from '../../../src/hpc/chain/part-config.js';

const cuts = (text: string) => placesOf([...text].map((letter) => letter === 'O')).map(({ from, to }) => [from, to]);

describe('a chain is cut', () => {
  it.each([
    ['', [[0, 0]]],
    ['s', [[0, 1]]],
    ['O', [[0, 1]]],
    ['sss', [[0, 3]]],
    ['sO', [[0, 1], [1, 2]]], // prettier-ignore
    ['Os', [[0, 1], [1, 2]]], // prettier-ignore
    ['OO', [[0, 1], [1, 2]]], // prettier-ignore
    ['ssOss', [[0, 2], [2, 3], [3, 5]]], // prettier-ignore
  ])('%j at %j', (chain, places) => {
    expect(cuts(chain)).toEqual(places);
    expect(isCut([...chain].map((letter) => letter === 'O'))).toBe(places.length > 1);
  });
});

describe('a part', () => {
  const config = {
    consumerId: 3,
    channels: { input: 'in', output: 'out', status: 'status', control: 'control' },
    processors: [{ className: 'A' }, { className: 'B' }, { className: 'C' }],
    distributor: { group: 'g' },
    receiverQueueSize: 9,
    skipInitialUpdates: 4,
    outputMode: 'pva',
    passOn: false,
  };
  const [first, second, third] = placesOf([true, true, true]);

  it('has of the input what the chain has if it is the first, and of the output if it is the last', () => {
    expect(partConfig(config, first!, {})).toMatchObject({
      processors: [{ className: 'A' }],
      distributor: { group: 'g' },
      receiverQueueSize: 9,
      skipInitialUpdates: 4,
      outputMode: 'link',
      outputArgs: {},
      passOn: true,
    });
    expect(partConfig(config, second!, { input: 5000, output: 6000 })).toMatchObject({
      processors: [{ className: 'B' }],
      inputMode: 'link',
      inputArgs: { server: '127.0.0.1:5000' },
      skipInitialUpdates: 0,
      receiverQueueSize: -1,
      distributor: undefined,
      outputMode: 'link',
      outputArgs: { port: 6000 },
    });
    expect(partConfig(config, third!, { input: 6000 })).toMatchObject({
      processors: [{ className: 'C' }],
      inputMode: 'link',
      outputMode: 'pva',
      passOn: false,
    });
  });

  it('shows its processors the channels of the chain, and has no control channel', () => {
    const { channels } = partConfig(config, second!, { input: 5000 });
    expect(channels).toEqual({ input: 'in', output: 'out', status: 'status', control: undefined });
  });
});
