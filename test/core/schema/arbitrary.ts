import fc from 'fast-check';
import { nearestName } from '../../../src/core/nearest-name.js';
import type { JsonSchema } from '../../../src/core/schema/json-schema.js';
import { pathText, type Path } from '../../../src/core/schema/problem.js';

/** Random values of a schema; what the schema cannot say, its refinements, they may break. */
export function valuesOf(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(valuesOf));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'object':
      return schema.properties ? mappingsOf(schema) : fc.dictionary(keys, anything, { maxKeys: 3 });
    case 'array':
      return fc.array(valuesOf(schema.items ?? {}), { minLength: 1, maxLength: 3 });
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -5, max: Math.min(schema.maximum ?? 1e6, 2 ** 31 - 1) });
    case 'number':
      return fc.double({ min: 0.001, max: schema.maximum ?? 100, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'string':
      return schema.pattern === undefined
        ? fc.string({ minLength: schema.minLength ?? 0 })
        : fc.stringMatching(new RegExp(schema.pattern));
    default:
      return anything;
  }
}

/** What JSON can say: it has no -0. */
const anything = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);

const keys = fc.string({ minLength: 1 }).filter((key) => key !== '__proto__');

function mappingsOf({ properties = {}, required = [] }: JsonSchema): fc.Arbitrary<unknown> {
  const members = Object.entries(properties).map(([key, member]) => [key, valuesOf(member)] as const);
  return fc.record(Object.fromEntries(members), { requiredKeys: [...required] as never[] });
}

/** A configuration with one key that no mapping knows, and the nearest that it does know. */
export interface UnknownKey {
  readonly given: unknown;
  readonly path: string;
  readonly nearest: string;
}

/** One letter more, less or another in one of the keys that the schema knows, at any depth. */
export function unknownKeys(schema: JsonSchema): fc.Arbitrary<UnknownKey> {
  const places = mappings(schema).flatMap(({ path, known }) => known.map((key) => ({ path, known, key })));
  return fc
    .tuple(
      fc.constantFrom(...places),
      fc.nat(),
      fc.constantFrom('insert', 'remove', 'change'),
      fc.constantFrom(...'exyz'),
    )
    .map(([{ path, known, key }, at, how, letter]) => ({ path, known, key: misspelt(key, at, how, letter) }))
    .filter(({ known, key }) => key !== '' && !known.includes(key))
    .map(({ path, known, key }) => ({
      given: nested([...path, key]),
      path: pathText([...path, key]),
      nearest: nearestName(key, known) ?? 'nothing is near',
    }));
}

function misspelt(key: string, at: number, how: string, letter: string): string {
  const i = at % key.length;
  if (how === 'insert') return key.slice(0, i) + letter + key.slice(i);
  return key.slice(0, i) + (how === 'change' ? letter : '') + key.slice(i + 1);
}

/** Every mapping whose keys are known. */
function mappings(node: JsonSchema, path: Path = []): { path: Path; known: string[] }[] {
  if (node.anyOf !== undefined) return node.anyOf.flatMap((each) => mappings(each, path));
  if (node.items !== undefined) return mappings(node.items, [...path, 0]);
  if (node.properties === undefined) return [];
  const inner = Object.entries(node.properties).flatMap(([key, member]) => mappings(member, [...path, key]));
  return [{ path, known: Object.keys(node.properties) }, ...inner];
}

function nested([key, ...rest]: Path): unknown {
  if (key === undefined) return 1;
  return typeof key === 'number' ? [nested(rest)] : { [key]: nested(rest) };
}
