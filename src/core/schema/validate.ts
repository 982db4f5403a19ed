import { z } from 'zod';
import { nearestName } from '../nearest-name.js';
import { allowedWords, expectedText, foundText } from './expected.js';
import { alternativeFor, jsonSchemaOf, knownKeys, memberOf, schemaAt, type JsonSchema } from './json-schema.js';
import type { Path, Problem } from './problem.js';

export type Validated<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Checks a configuration and puts the defaults in. All that is wrong is told, not only the first. */
export function validate<S extends z.ZodType>(schema: S, given: unknown): Validated<z.output<S>> {
  const result = schema.safeParse(given);
  if (result.success) return { value: result.data };
  const json = jsonSchemaOf(schema);
  const issues = flattened(result.error.issues, json, given);
  return { problems: issues.flatMap((issue) => problemsOf(issue, json, given)) };
}

/** As `validate`, with a schema that is data: that of a processor's own configuration. */
export function validateJson(schema: JsonSchema, given: unknown): readonly Problem[] {
  const result = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(given);
  if (result.success) return [];
  return flattened(result.error.issues, schema, given).flatMap((issue) => problemsOf(issue, schema, given));
}

/** An issue of zod's with its path from the top. */
type Issue = z.core.$ZodIssue;

/** Where there are several alternatives, what is wrong with the one that was meant. */
function flattened(issues: readonly Issue[], json: JsonSchema, given: unknown, above: Path = []): Issue[] {
  return issues.flatMap((issue) => {
    const path = [...above, ...(issue.path as Path)];
    const here = { ...issue, path: path };
    if (issue.code !== 'invalid_union') return [here];
    const node = schemaAt(json, path, given);
    if (node === undefined || node.expected !== undefined) return [here];
    const meant = (node.anyOf ?? node.oneOf ?? []).indexOf(alternativeFor(node, valueAt(given, path)));
    const inner = issue.errors[meant];
    return inner === undefined ? [here] : flattened(inner, json, given, path);
  });
}

function problemsOf(issue: Issue, json: JsonSchema, given: unknown): Problem[] {
  const path = issue.path as Path;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey([...path, key], json, given));
  const found = valueAt(given, path);
  if (issue.code === 'custom') return [{ path, message: issue.message + scalarText(found) }];
  const node = schemaAt(json, path, given);
  if (found === undefined) return [{ path, message: `missing. Expected ${expectedText(node)}` }];
  return [{ path, message: `expected ${expectedText(node)}, found ${foundText(found)}${wordHint(node, found)}` }];
}

function unknownKey(path: Path, json: JsonSchema, given: unknown): Problem {
  const parent = path.slice(0, -1);
  const known = knownKeys(schemaAt(json, parent, given), valueAt(given, parent));
  const nearest = nearestName(String(path.at(-1)), known);
  const hint = nearest === undefined ? `Known: ${known.join(', ')}.` : `Did you mean "${nearest}"?`;
  return { path, message: `unknown key. ${known.length === 0 ? 'None is known here.' : hint}` };
}

/** Our own checks say what is expected; what was found is added when it is short enough to be shown. */
function scalarText(found: unknown): string {
  return typeof found === 'object' || found === undefined ? '' : `, found ${foundText(found)}`;
}

function wordHint(node: JsonSchema | undefined, found: unknown): string {
  if (typeof found !== 'string') return '';
  const nearest = nearestName(found, allowedWords(node));
  return nearest === undefined ? '' : `. Did you mean "${nearest}"?`;
}

function valueAt(given: unknown, path: Path): unknown {
  return path.reduce(memberOf, given);
}
