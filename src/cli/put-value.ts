import type { PvType } from '../pva/pv-type.js';
import { messageOf } from '../core/errors.js';
import { nearestName } from '../core/nearest-name.js';
import { usageError } from './exit.js';
import { parseScalar, type ScalarType } from './scalar.js';

type Spec = PvType['spec'];

/** What a put sets: values by the path of their field. */
export type PutFields = Record<string, unknown>;

/** The labels of an enumeration, by the path of its structure (`value`). */
export type Choices = (path: string) => readonly string[];

/** The type at a path of structures, or undefined where there is none. */
function specAt(type: Spec, path: string): Spec | undefined {
  let spec: Spec | undefined = type;
  for (const name of path.split('.')) spec = typeof spec === 'object' ? spec.fields[name] : undefined;
  return spec;
}

function isEnum(spec: Spec): spec is Exclude<Spec, string> {
  return typeof spec === 'object' && spec.kind === 'structure' && 'index' in spec.fields && 'choices' in spec.fields;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`the value for ${path || 'the channel'} is not valid JSON: ${messageOf(error)}`);
  }
}

/** Elements as words (`1 2 3`), or one word in brackets (`[1,2,3]`). */
function parseArray(code: string, words: readonly string[], path: string): unknown[] {
  const [first = ''] = words;
  const bracketed = words.length === 1 && first.startsWith('[');
  const elements = bracketed ? bracketedElements(code, first, path) : words;
  return elements.map((element) => parseScalar(code as ScalarType, element, path));
}

/** Texts as JSON has them; numbers word by word, so that 64-bit integers keep all their digits. */
function bracketedElements(code: string, text: string, path: string): string[] {
  if (code === 'string') return (parseJson(text, path) as unknown[]).map(String);
  if (!text.endsWith(']')) throw usageError(`${path} is an array: "${text}" has no closing bracket`);
  const inner = text.slice(1, -1).trim();
  return inner === '' ? [] : inner.split(',').map((element) => element.trim());
}

function parseEnum(text: string, choices: readonly string[], path: string): number {
  const label = choices.indexOf(text);
  if (label >= 0) return label;
  const index = Number(text);
  if (text.trim() !== '' && Number.isInteger(index) && index >= 0 && index < choices.length) return index;
  const nearest = nearestName(text, choices);
  const hint = nearest === undefined ? '' : ` Did you mean "${nearest}"?`;
  throw usageError(`${path} has no choice "${text}"; it has ${choices.map((c) => `"${c}"`).join(', ')}.${hint}`);
}

/** What `words` set at `path`, where `spec` is. */
function parseField(spec: Spec, words: readonly string[], path: string, choices: Choices): PutFields {
  const [first = ''] = words;
  if (typeof spec === 'string' && spec.endsWith('[]') && spec !== 'any[]') {
    return { [path]: parseArray(spec.slice(0, -2), words, path) };
  }
  if (words.length > 1)
    throw usageError(`${path} takes one value; ${words.length} were given (quote a text with spaces)`);
  if (isEnum(spec) && !first.startsWith('{')) return { [`${path}.index`]: parseEnum(first, choices(path), path) };
  if (typeof spec === 'string' && !spec.startsWith('any'))
    return { [path]: parseScalar(spec as ScalarType, first, path) };
  return { [path]: parseJson(first, path) };
}

/** `name=value` if the type has a field of that name; a `=` elsewhere is part of a text. */
function assignment(word: string, type: Spec): { path: string; text: string } | undefined {
  const at = word.indexOf('=');
  const path = word.slice(0, Math.max(at, 0));
  if (at < 1 || !/^[\w.]+$/.test(path)) return undefined;
  if (specAt(type, path) !== undefined) return { path, text: word.slice(at + 1) };
  const target = specAt(type, 'value');
  if (target === 'string' || target === 'string[]') return undefined;
  const fields = typeof type === 'object' ? Object.keys(type.fields) : [];
  const nearest = nearestName(path, fields);
  const hint = nearest === undefined ? ` It has ${fields.join(', ')}.` : ` Did you mean "${nearest}"?`;
  throw usageError(`the channel has no field "${path}".${hint}`);
}

/**
 * The words of `pvaflow put CHANNEL WORDS…` as fields to set: one value, the elements of an array, a JSON object, or
 * `field=value` words.
 */
export function parsePut(words: readonly string[], type: Spec, choices: Choices): PutFields {
  const [first = ''] = words;
  const assignments = words.map((word) => assignment(word, type));
  if (assignments.every((each) => each !== undefined)) {
    const parts = assignments.map(({ path, text }) => parseField(specAt(type, path) as Spec, [text], path, choices));
    return Object.assign({}, ...parts) as PutFields;
  }
  const target = specAt(type, 'value');
  const wantsText = target === 'string' || target === 'string[]';
  if (words.length === 1 && first.startsWith('{') && !wantsText) return parseJson(first, '') as PutFields;
  if (target === undefined) {
    const fields = typeof type === 'object' ? Object.keys(type.fields).join(', ') : '';
    throw usageError(`the channel has no field "value": name what to set, as in field=value. It has ${fields}.`);
  }
  return parseField(target, words, 'value', choices);
}
