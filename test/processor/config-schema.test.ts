import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UserDataProcessor } from '../../src/index.js';
import { configProblems } from '../../src/processor/config-schema.js';
import { keysOfConfigure } from '../../src/processor/config-keys.js';
import { loadProcessor } from '../../src/processor/load-processor.js';

type Config = Record<string, unknown>;

class Takes extends UserDataProcessor {
  override configure({ level = 3, 'other-key': _other }: { level?: number; 'other-key'?: number } = {}) {
    this.processorId = level;
  }
}
class Rest extends UserDataProcessor {
  override configure({ level = 3, ...others }: Config) {
    this.metadataQueueMap.clear();
    Object.assign(this, { level, others });
  }
}
class Whole extends UserDataProcessor {
  override configure(config: Config) {
    Object.assign(this, config);
  }
}
class Constructed extends Takes {
  constructor(args: Config) {
    super(args);
  }
}
class Inherits extends Takes {}
class Silent extends UserDataProcessor {}
class Computed extends UserDataProcessor {
  override configure({ [String(1)]: first }: Config) {
    Object.assign(this, { first });
  }
}

describe('the keys that configure takes', () => {
  it.each([
    [Takes, ['level', 'other-key']],
    [Inherits, ['level', 'other-key']],
    [Rest, undefined],
    [Whole, undefined],
    [Constructed, undefined],
    [Silent, undefined],
    [Computed, undefined],
  ])('are read off %o', (type, keys) => expect(keysOfConfigure(type, UserDataProcessor)).toEqual(keys));
});

class Listed extends UserDataProcessor {
  static override readonly configSchema = ['level', 'mode'];
}
class Declared extends Listed {
  static override readonly configSchema = {
    properties: {
      level: { type: 'number', minimum: 0, description: 'pixels below become 0' },
      mode: { enum: ['fast', 'exact'] },
      region: { type: 'object', properties: { x: { type: 'integer' } }, additionalProperties: false },
    },
    required: ['level'],
  } as never;
}
class Open extends UserDataProcessor {
  static override readonly configSchema = { properties: { level: { type: 'number' } }, additionalProperties: true };
}
class Nonsense extends UserDataProcessor {
  static override readonly configSchema = { properties: { level: { type: 'numbr' } } };
}

const wrong = async (type: typeof UserDataProcessor, config: Config) =>
  (await configProblems({ type, className: type.name, file: 'x.ts' }, config)).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

describe('the configuration of a processor', () => {
  it.each([
    [Takes, { level: 1, 'other-key': 2 }, []],
    [Takes, { levle: 1 }, ['levle: unknown key. Did you mean "level"?']],
    [Whole, { anything: 1 }, []],
    [Listed, { level: 'x', mode: 1 }, []],
    [Listed, { modus: 1 }, ['modus: unknown key. Did you mean "mode"?']],
    [Declared, { level: 1, mode: 'fast', region: { x: 1 } }, []],
    [Declared, {}, ['level: missing. Expected a number from 0 on']],
    [Declared, { level: -1 }, ['level: expected a number from 0 on, found -1']],
    [Declared, { level: 1, mode: 'fst' }, ['mode: expected fast or exact, found "fst". Did you mean "fast"?']],
    [Declared, { level: 1, region: { y: 1 } }, ['region.y: unknown key. Did you mean "x"?']],
    [Open, { other: 1 }, []],
    [Open, { level: 'high' }, ['level: expected a number, found "high"']],
    [Nonsense, { level: 1 }, [expect.stringMatching(/^: configSchema of Nonsense is no JSON Schema: .*numbr/)]],
  ])('%o with %j', async (type, config, problems) => expect(await wrong(type, config)).toEqual(problems));
});

describe('a processor with a wrong configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-config-'));
  const file = join(folder, 'level.ts');
  writeFileSync(
    file,
    `import { UserDataProcessor } from 'pvaflow';
    export default class Level extends UserDataProcessor {
      private level = 3;
      override configure({ level = this.level }: { level?: number }) { this.level = level; }
      override process() { return null; }
    }`,
  );
  afterAll(() => rmSync(folder, { recursive: true }));

  it('is not made', async () => {
    await expect(loadProcessor({ file, args: { levle: 4 } })).rejects.toMatchObject({
      code: 'PVAFLOW_PROCESSOR_CONFIG',
      message: 'Level: levle: unknown key. Did you mean "level"?',
    });
    expect(await loadProcessor({ file, args: { level: 4 } })).toBeInstanceOf(UserDataProcessor);
  });
});
