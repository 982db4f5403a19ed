import { z } from 'zod';
import type { Path } from './problem.js';

/** The part of JSON Schema that our schemas and those of processors are made of. Source: https://json-schema.org/draft-07 */
export interface JsonSchema {
  readonly $schema?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  /** What a message says was expected here, when the rest does not say it well. Ours; not published. */
  readonly expected?: string;
}

const published = new WeakMap<z.ZodType, JsonSchema>();

/** The JSON Schema of what may be written, `expected` included. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  let found = published.get(schema);
  if (found === undefined) {
    found = z.toJSONSchema(schema, { io: 'input', target: 'draft-7', reused: 'inline' }) as JsonSchema;
    published.set(schema, found);
  }
  return found;
}

/** The schema of the value at a path. `value` is the whole configuration: it tells which alternative is meant. */
export function schemaAt(schema: JsonSchema, path: Path, value: unknown): JsonSchema | undefined {
  const chosen = alternativeFor(schema, value);
  const [key, ...rest] = path;
  if (key === undefined) return schema;
  const inner = memberSchema(chosen, key);
  return inner === undefined ? undefined : schemaAt(inner, rest, memberOf(value, key));
}

/** The keys that a mapping at this place may have. */
export function knownKeys(schema: JsonSchema | undefined, value: unknown): string[] {
  return schema === undefined ? [] : Object.keys(alternativeFor(schema, value).properties ?? {});
}

/** Of several alternatives the one that somebody who wrote `value` meant: the one whose constants agree, else of its type. */
export function alternativeFor(schema: JsonSchema, value: unknown): JsonSchema {
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives === undefined) return schema;
  const ofType = alternatives.filter((each) => hasType(each, value));
  return ofType.find((each) => constantsAgree(each, value)) ?? ofType[0] ?? schema;
}

function hasType(schema: JsonSchema, value: unknown): boolean {
  if (Array.isArray(value)) return schema.type === 'array';
  if (typeof value === 'object' && value !== null) return schema.type === 'object';
  if (typeof value === 'number') return schema.type === 'number' || schema.type === 'integer';
  return schema.type === typeof value;
}

/** `kind: collector` means the alternative that has this constant; without the key, the one that has it as default. */
function constantsAgree(schema: JsonSchema, value: unknown): boolean {
  return Object.entries(schema.properties ?? {}).every(([key, { const: wanted, default: absent }]) => {
    return wanted === undefined || wanted === (memberOf(value, key) ?? absent);
  });
}

function memberSchema(schema: JsonSchema, key: string | number): JsonSchema | undefined {
  if (typeof key === 'number') return schema.items;
  const { properties = {}, additionalProperties } = schema;
  if (Object.hasOwn(properties, key)) return properties[key];
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The member of a mapping or list; undefined when it is neither, or has none. */
export function memberOf(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string | number, unknown>)[key];
}
