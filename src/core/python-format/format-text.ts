/**
 * Texts with fields in braces, as Python's `str.format` takes them: `{uniqueId:06}.{processorId}.tiff`.
 *
 * Source: https://docs.python.org/3/library/string.html#format-string-syntax
 */
import { PvaflowError } from '../errors.js';
import { nearestName } from '../nearest-name.js';
import { formatValue, type FormatValue } from './number-format.js';

/** A field: `{name[key]!s:spec}`. */
export interface FormatField {
  readonly name: string;
  /** What stands in brackets behind the name. */
  readonly key: string | undefined;
  /** Whether it is made a text before it is formatted. */
  readonly isText: boolean;
  readonly spec: string;
}

/** Literal texts, and fields between them. */
export type FormatPart = string | FormatField;

const field = /^([A-Za-z_]\w*)?(?:\[([^[\]]+)\])?(![A-Za-z])?(?::(.*))?$/s;

/**
 * @param names of the fields that there are
 * @throws {PvaflowError} PVAFLOW_FORMAT with what is wrong, and where
 */
export function parseFormat(text: string, names: readonly string[]): FormatPart[] {
  const parts: FormatPart[] = [];
  let literal = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character !== '{' && character !== '}') literal += character;
    else if (text.charAt(at + 1) === character) literal += text.charAt(at++);
    else if (character === '}') throw wrong(text, `the } at position ${at + 1} closes nothing. Write }} for a brace`);
    else {
      const end = endOf(text, at);
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(parseField(text, text.slice(at + 1, end), names));
      at = end;
    }
  }
  if (literal !== '') parts.push(literal);
  return parts;
}

/** Puts values into the places of the fields. */
export function formatParts(parts: readonly FormatPart[], valueOf: (field: FormatField) => FormatValue): string {
  let text = '';
  for (const part of parts) text += typeof part === 'string' ? part : formatField(part, valueOf(part));
  return text;
}

/** @throws {PvaflowError} PVAFLOW_FORMAT when the field's specification is none for such a value */
export function formatField({ isText, spec }: FormatField, value: FormatValue): string {
  return formatValue(isText ? formatValue(value, '') : value, spec);
}

function endOf(text: string, start: number): number {
  const end = text.indexOf('}', start);
  if (end < 0) throw wrong(text, `the { at position ${start + 1} is not closed. Write {{ for a brace`);
  if (text.slice(start + 1, end).includes('{')) throw wrong(text, 'fields in fields are not supported');
  return end;
}

function parseField(text: string, inner: string, names: readonly string[]): FormatField {
  const [, name, key, conversion, spec = ''] = field.exec(inner) ?? [];
  const known = names.join(', ');
  if (name === undefined) throw wrong(text, `{${inner}} names no field; there are ${known}`);
  if (!names.includes(name)) {
    const nearest = nearestName(name, names);
    throw wrong(
      text,
      `there is no field ${name}. ${nearest === undefined ? `There are ${known}` : `Did you mean ${nearest}?`}`,
    );
  }
  if (conversion !== undefined && conversion !== '!s')
    throw wrong(text, `{${inner}}: only the conversion !s is supported`);
  return { name, key, isText: conversion !== undefined, spec };
}

function wrong(text: string, why: string): PvaflowError {
  return new PvaflowError('PVAFLOW_FORMAT', `"${text}": ${why}`);
}
