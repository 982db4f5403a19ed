import { expect, it } from 'vitest';
import { completeConfig, consumerDefaults, type ConsumerConfig } from '../../src/hpc/consumer-config.js';

const channels = { input: 'in:image' };

it('puts the defaults in the places of what is not given', () => {
  expect(completeConfig({ channels, consumerId: 3 })).toEqual({ ...consumerDefaults, channels, consumerId: 3 });
});

it.each([
  ['pva', 1],
  ['pvas', 0],
  ['rpc', 0],
])('skips what a channel of mode %s held already', (inputMode, skipped) => {
  expect(completeConfig({ channels, inputMode }).skipInitialUpdates).toBe(skipped);
  expect(completeConfig({ channels, inputMode, skipInitialUpdates: 2 }).skipInitialUpdates).toBe(2);
});

it('is plain data, before and after', () => {
  const config: ConsumerConfig = { channels, processors: [{ className: 'PassThrough', args: { a: 1 } }] };
  const complete = completeConfig(config);
  expect(JSON.parse(JSON.stringify(complete))).toEqual(complete);
});

it.each([
  [{ receiverQueueSiz: 3 }, 'a consumer has no option receiverQueueSiz. Did you mean receiverQueueSize?'],
  [{ channels: { ...channels, outptu: 'x' } }, 'channels of a consumer has no option outptu. Did you mean output?'],
  [{ processors: [{ clasName: 'X' }] }, 'a processor has no option clasName. Did you mean className?'],
  [{ inputMode: 'pav' }, 'there is no input mode pav. Did you mean pva?'],
  [{ outputMode: 'tcp' }, 'there is no output mode tcp.'],
  [{ inputArgs: { port: 1 } }, 'input mode pva has no option port. It has none.'],
  [{ channels: { input: 'a', output: 'a' } }, 'the input channel and the output channel have the same name a'],
  [
    { inputMode: 'pvas', inputArgs: { maxWaitin: 1 } },
    'input mode pvas has no option maxWaitin. Did you mean maxWaiting?',
  ],
  [
    { outputMode: 'rpc', outputArgs: { maxWaiting: 0 } },
    'output mode rpc: maxWaiting must be a whole number from 1 on, not 0',
  ],
  [{ accumulateObjects: 6 }, '6 objects cannot be accumulated without a receiver queue'],
  [{ receiverQueueSize: 5, accumulateObjects: 6 }, '6 objects cannot be accumulated in a receiver queue of 5'],
])('refuses %o', (wrong, message) => {
  expect(() => completeConfig({ channels, ...wrong } as ConsumerConfig)).toThrow(message);
});
