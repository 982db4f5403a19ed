import type { z } from 'zod';
import { jsonSchemaOf, type JsonSchema } from './json-schema.js';

/** The JSON Schema of several kinds of configurations, as editors take it. */
export function publishedSchema(title: string, kinds: readonly z.ZodType[]): JsonSchema {
  const anyOf = kinds.map((kind) => plain(jsonSchemaOf(kind)) as JsonSchema);
  return { $schema: 'http://json-schema.org/draft-07/schema#', title, anyOf } as JsonSchema;
}

/** Without what is ours alone, and without limits that are none. */
function plain(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plain);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key, value]) => {
    if (key === 'expected' && typeof value === 'string') return false;
    if (key === '$schema' || key === 'propertyNames') return false;
    return !(key === 'maximum' && value === Number.MAX_SAFE_INTEGER);
  });
  return Object.fromEntries(kept.map(([key, value]) => [key, plain(value)]));
}
