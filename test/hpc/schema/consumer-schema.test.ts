import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../src/core/schema/configuration.js';
import { parseConfig } from '../../../src/core/schema/document.js';
import { completeConfig, consumerDefaults, type ConsumerConfig } from '../../../src/hpc/consumer-config.js';
import { consumerConfigs } from '../../../src/hpc/schema/consumer-configs.js';
import { consumerSchema } from '../../../src/hpc/schema/consumer-schema.js';

const read = (text: string) => new Configuration(parseConfig(text, 'p.yaml')).read(consumerSchema);

describe('the schema of consumers', () => {
  it('has the defaults of a consumer', () => {
    const [config] = consumerConfigs(read('input: { channel: X }'), undefined);
    expect(completeConfig(config as ConsumerConfig)).toMatchObject({ ...consumerDefaults, channels: { input: 'X' } });
    const [queued] = consumerConfigs(read('input: { channel: X, queue: { accumulate: { objects: 3 } } }'), undefined);
    expect(queued).toMatchObject({
      receiverQueueSize: 0,
      receiverQueueBytes: consumerDefaults.receiverQueueBytes,
      inputOnFull: consumerDefaults.inputOnFull,
      accumulationTimeout: consumerDefaults.accumulationTimeout,
    });
  });

  it.each([
    [
      'queue: { frames: 10, accumulate: { objects: 20 } }',
      'input.queue.accumulate.objects: more objects than the queue has room for: enlarge queue.frames (--receiver-queue-size), found 20',
    ],
    ['queue: { bytes: big }', 'input.queue.bytes: expected auto or a size such as 512MiB, found "big"'],
  ])('refuses an input with %s', (text, message) => {
    expect(() => read(`input: { channel: X, ${text} }`)).toThrow(`p.yaml:1: ${message}`);
  });

  it('takes any time for which to run, also longer than a timer can wait', () => {
    expect(read('input: { channel: X }\nruntime: 2592000')).toMatchObject({ runtime: 2_592_000 });
    expect(read('input: { channel: X }\nruntime: 1000h')).toMatchObject({ runtime: 3_600_000 });
  });

  it('needs a file or a class of each processor', () => {
    expect(() => read('input: { channel: X }\nprocessors:\n  - { config: {} }')).toThrow(
      'p.yaml:3: processors[0]: expected `file` (a TypeScript or JavaScript file) or `class` (a built-in processor)',
    );
  });
});
