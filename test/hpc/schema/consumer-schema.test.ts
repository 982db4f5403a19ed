import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../src/core/schema/configuration.js';
import { parseConfig } from '../../../src/core/schema/document.js';
import { jsonSchemaOf, type JsonSchema } from '../../../src/core/schema/json-schema.js';
import { completeConfig, consumerDefaults, type ConsumerConfig } from '../../../src/hpc/consumer-config.js';
import { consumerConfigs } from '../../../src/hpc/schema/consumer-configs.js';
import { consumerSchema } from '../../../src/hpc/schema/consumer-schema.js';
import { unknownKeys, valuesOf } from '../../core/schema/arbitrary.js';

const schema = jsonSchemaOf(consumerSchema);
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

  it('needs a file or a class of each processor', () => {
    expect(() => read('input: { channel: X }\nprocessors:\n  - { config: {} }')).toThrow(
      'p.yaml:3: processors[0]: expected `file` (a TypeScript or JavaScript file) or `class` (a built-in processor)',
    );
  });

  it('says of every key what it is for', () => {
    expect(undescribed(schema)).toEqual([]);
  });

  it('gives the same from YAML, from JSON, and from what it gave', () => {
    fc.assert(
      fc.property(
        valuesOf(schema).filter((given) => consumerSchema.safeParse(given).success),
        (given) => {
          const settings = new Configuration({ ...parseConfig('', 'x'), value: given });
          const expected = settings.read(consumerSchema);
          expect(read(stringify(given))).toEqual(expected);
          expect(read(JSON.stringify(given))).toEqual(expected);
          expect(read(stringify(expected))).toEqual(expected);
          expect(parse(stringify(expected))).toEqual(expected);
        },
      ),
    );
  });

  it('refuses every unknown key, and names the nearest', () => {
    fc.assert(
      fc.property(unknownKeys(schema), ({ given, path, nearest }) => {
        const message = `${path}: unknown key. Did you mean "${nearest}"?`;
        expect(() => read(stringify(given))).toThrow(message);
      }),
    );
  });
});

/** Paths of keys without a description. */
function undescribed(node: JsonSchema, path = ''): string[] {
  const inner = [...(node.anyOf ?? []), ...(node.items ? [node.items] : [])].flatMap((each) => undescribed(each, path));
  const members = Object.entries(node.properties ?? {}).flatMap(([key, member]) => [
    ...(member.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(member, `${path}.${key}`),
  ]);
  return [...inner, ...members];
}
