import { expect, it } from 'vitest';
import type { ChannelNames } from '../../../src/hpc/channel-names.js';
import { completeConfig, type ConsumerConfig } from '../../../src/hpc/consumer-config.js';
import { sharedNames } from '../../../src/hpc/consumers/shared-names.js';

const configsOf = (channels: ChannelNames, changes: Partial<ConsumerConfig> = {}) =>
  [1, 2].map((consumerId) => completeConfig({ ...changes, consumerId, channels }));

it('finds the channels that two consumers would serve', () => {
  const names = { input: 'in', output: 'out', status: 'status', control: 'control' };
  const found = ['out', 'status', 'control'].map((channel) => ({ channel, consumerIds: [1, 2] }));
  expect(sharedNames(configsOf(names))).toEqual(found);
});

it('has nothing against names of their own', () => {
  const configs = [1, 2].map((id) =>
    completeConfig({ consumerId: id, channels: { input: 'in', output: `out:${id}` } }),
  );
  expect(sharedNames(configs)).toEqual([]);
});
