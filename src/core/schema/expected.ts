/** What a schema expects and what was found, in words. */
import type { JsonSchema } from './json-schema.js';

/** `a whole number from 0 on`, `wait, dropOldest or fail`, `a list`, … */
export function expectedText(schema: JsonSchema | undefined): string {
  if (schema === undefined) return 'something else';
  if (schema.expected !== undefined) return schema.expected;
  if (schema.const !== undefined) return wordText(schema.const);
  if (schema.enum !== undefined) return alternatives(schema.enum.map(wordText));
  const several = schema.anyOf ?? schema.oneOf;
  if (several !== undefined) return alternatives([...new Set(several.map(expectedText))]);
  return typeof schema.type === 'object' ? alternatives(schema.type.map(typeText)) : ofType(schema);
}

/** The words that are allowed at a place, when only certain ones are. */
export function allowedWords(schema: JsonSchema | undefined): string[] {
  if (schema === undefined) return [];
  if (typeof schema.const === 'string') return [schema.const];
  if (schema.enum !== undefined) return schema.enum.filter((word) => typeof word === 'string');
  return (schema.anyOf ?? schema.oneOf ?? []).flatMap(allowedWords);
}

/** A value as a message shows it: short, and on one line. */
export function foundText(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function wordText(word: unknown): string {
  return typeof word === 'string' ? word : JSON.stringify(word);
}

function ofType(schema: JsonSchema): string {
  if (schema.type === 'integer' || schema.type === 'number') return typeText(schema.type) + rangeText(schema);
  if (schema.type === 'string' && schema.pattern !== undefined) return `text that matches ${schema.pattern}`;
  return typeText(schema.type as string | undefined);
}

function typeText(type: string | undefined): string {
  switch (type) {
    case 'integer':
      return 'a whole number';
    case 'number':
      return 'a number';
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'array':
      return 'a list';
    case 'object':
      return 'a mapping (key: value)';
    default:
      return 'something else';
  }
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: JsonSchema): string {
  const isOpen = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER;
  const low = isBound(minimum) ? minimum : undefined;
  if (low !== undefined && !isOpen) return ` from ${low} to ${maximum}`;
  if (low !== undefined && exclusiveMaximum !== undefined) return ` from ${low} to below ${exclusiveMaximum}`;
  if (low !== undefined) return ` from ${low} on`;
  const above = exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`;
  if (!isOpen) return `${above}${above && ' and'} up to ${maximum}`;
  return above + (exclusiveMaximum === undefined ? '' : `${above && ' and'} below ${exclusiveMaximum}`);
}

function isBound(minimum: number | undefined): boolean {
  return minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER;
}

/** `a`, `a or b`, `a, b or c`. */
function alternatives(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
