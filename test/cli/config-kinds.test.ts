import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { allKinds, kindNames } from '../../src/cli/config-kinds.js';
import { Configuration } from '../../src/core/schema/configuration.js';
import { parseConfig } from '../../src/core/schema/document.js';
import { jsonSchemaOf, type JsonSchema } from '../../src/core/schema/json-schema.js';
import { unknownKeys, valuesOf } from '../core/schema/arbitrary.js';

const kinds = await allKinds();

it('there is a kind for each command that runs until it is stopped', () => {
  expect(kinds.map(({ name }) => name)).toEqual(kindNames);
});

describe.each(kinds.map((kind) => [kind.name, kind] as const))('kind: %s', (name, { schema: zod }) => {
  const schema = jsonSchemaOf(zod);
  const read = (text: string) => new Configuration(parseConfig(text, 'p.yaml')).read(zod);

  it('says of every key what it is for', () => {
    expect(schema.description).toBeDefined();
    expect(undescribed(schema)).toEqual([]);
  });

  it('gives the same from YAML, from JSON, and from what it gave', () => {
    fc.assert(
      fc.property(
        valuesOf(schema).filter((given) => zod.safeParse(given).success),
        (given) => {
          const settings = new Configuration({ ...parseConfig('', 'x'), value: given });
          const expected = settings.read(zod);
          expect(read(stringify(given))).toEqual(expected);
          expect(read(JSON.stringify(given))).toEqual(expected);
          expect(read(stringify(expected))).toEqual(expected);
          expect(parse(stringify(expected))).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('refuses every unknown key, and names the nearest', () => {
    fc.assert(
      fc.property(unknownKeys(schema), ({ given, path, nearest }) => {
        const message = `${path}: unknown key. Did you mean "${nearest}"?`;
        expect(() => read(stringify({ kind: name, ...(given as object) }))).toThrow(message);
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
