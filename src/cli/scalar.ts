import { usageError } from './exit.js';

export const scalarTypes = [
  'boolean',
  'byte',
  'ubyte',
  'short',
  'ushort',
  'int',
  'uint',
  'long',
  'ulong',
  'float',
  'double',
  'string',
] as const;
export type ScalarType = (typeof scalarTypes)[number];

const WORDS_FOR_TRUE = ['true', '1', 'on', 'yes'];
const WORDS_FOR_FALSE = ['false', '0', 'off', 'no'];

function parseBoolean(text: string, name: string): boolean {
  const word = text.toLowerCase();
  if (WORDS_FOR_TRUE.includes(word)) return true;
  if (WORDS_FOR_FALSE.includes(word)) return false;
  throw usageError(`${name} is a boolean: give true or false, not "${text}"`);
}

function parseInteger(text: string, name: string): bigint {
  try {
    if (text.trim() !== '') return BigInt(text);
  } catch {
    // said below
  }
  throw usageError(`${name} is an integer: "${text}" is none`);
}

function parseFloating(text: string, name: string): number {
  const value = Number(text);
  const isNan = text.toLowerCase() === 'nan';
  if (text.trim() === '' || (Number.isNaN(value) && !isNan)) throw usageError(`${name} is a number: "${text}" is none`);
  return value;
}

/** A word as a value of a pvAccess scalar type; 64-bit integers are bigint. `name` is what messages call it. */
export function parseScalar(type: ScalarType, text: string, name: string): string | number | bigint | boolean {
  if (type === 'string') return text;
  if (type === 'boolean') return parseBoolean(text, name);
  if (type === 'float' || type === 'double') return parseFloating(text, name);
  const integer = parseInteger(text, name);
  return type.endsWith('long') ? integer : Number(integer);
}
