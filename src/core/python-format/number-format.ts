/**
 * Numbers and texts as Python's `format(value, spec)` writes them.
 *
 * Source: https://docs.python.org/3/library/string.html#format-specification-mini-language
 */
import { PvaflowError } from '../errors.js';

/** What can be formatted: a whole number that is no bigint counts as Python's `int`, others as `float`. */
export type FormatValue = number | bigint | string;

interface Spec {
  readonly text: string;
  readonly fill: string | undefined;
  readonly align: string | undefined;
  readonly sign: string | undefined;
  readonly alternate: boolean;
  readonly zero: boolean;
  readonly width: number;
  readonly group: string | undefined;
  readonly precision: number | undefined;
  readonly type: string | undefined;
}

const syntax = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?(?:\.(\d+))?([a-zA-Z%])?$/su;
const radixes: Readonly<Record<string, number>> = { b: 2, o: 8, x: 16, X: 16, d: 10, n: 10 };
const prefixes: Readonly<Record<string, string>> = { b: '0b', o: '0o', x: '0x', X: '0X' };

/** No name is longer; and no more digits are written of a number. */
const MAX_WIDTH = 1000;
const MAX_PRECISION = 100;

/** @throws {PvaflowError} PVAFLOW_FORMAT when the specification is none, or none for such a value */
export function formatValue(value: FormatValue, text: string): string {
  const spec = parsed(text);
  if (typeof value === 'string') return formatText(value, spec);
  const { type } = spec;
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  if (isInteger && (type === undefined || type in radixes)) return formatInteger(BigInt(value), spec);
  if (type !== undefined && !'eEfFgG%'.includes(type))
    throw wrong(text, `there is no type ${type} of ${isInteger ? 'integers' : 'floats'}`);
  if (spec.alternate) throw wrong(text, '# is supported for integers alone');
  return formatFloat(Number(value), spec);
}

function parsed(text: string): Spec {
  const match = syntax.exec(text);
  if (match === null) throw wrong(text, 'it is [[fill]align][sign][#][0][width][,_][.precision][type]');
  const [, fill, align, sign, alternate, zero, width = '0', group, precision, type] = match;
  if (Number(width) > MAX_WIDTH) throw wrong(text, `a width is at most ${MAX_WIDTH}`);
  if (Number(precision ?? 0) > MAX_PRECISION) throw wrong(text, `a precision is at most ${MAX_PRECISION}`);
  return {
    text,
    fill,
    align,
    sign,
    alternate: alternate !== undefined,
    zero: zero !== undefined,
    width: Number(width),
    group,
    precision: precision === undefined ? undefined : Number(precision),
    type,
  };
}

function formatText(value: string, spec: Spec): string {
  const { text, sign, alternate, group, type, precision, align, fill, zero } = spec;
  if (type !== undefined && type !== 's') throw wrong(text, `there is no type ${type} of texts`);
  if (sign !== undefined || alternate || group !== undefined || align === '=')
    throw wrong(text, 'a text has no sign, no # , no separators and no alignment =');
  const characters = [...value];
  const body = precision === undefined ? characters : characters.slice(0, precision);
  return padded('', body.join(''), spec, align ?? '<', fill ?? (zero ? '0' : ' '));
}

function formatInteger(value: bigint, spec: Spec): string {
  const { text, alternate, group, type = 'd', precision } = spec;
  const isDecimal = radixes[type] === 10;
  if (precision !== undefined) throw wrong(text, 'an integer has no precision');
  if (group !== undefined && (type === 'n' || (group === ',' && !isDecimal)))
    throw wrong(text, `${group} does not go with ${type}`);
  const digits = (value < 0n ? -value : value).toString(radixes[type]);
  const prefix = alternate ? (prefixes[type] ?? '') : '';
  const body = type === 'X' ? digits.toUpperCase() : digits;
  return number(signOf(value < 0n, spec) + prefix, body, '', isDecimal ? 3 : 4, group, spec);
}

function formatFloat(value: number, spec: Spec): string {
  const { group, type } = spec;
  const isNegative = value < 0 || Object.is(value, -0);
  const sign = signOf(isNegative, spec);
  const upper = type === 'E' || type === 'F' || type === 'G';
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'nan' : 'inf';
    return number(sign, upper ? name.toUpperCase() : name, type === '%' ? '%' : '', 3, undefined, spec);
  }
  const plain = digitsOf(Math.abs(value), spec);
  const [, whole = '', rest = ''] = /^(\d+)(.*)$/.exec(upper ? plain.toUpperCase() : plain) ?? [];
  return number(sign, whole, rest, 3, group, spec);
}

/** A number without its sign. */
function digitsOf(value: number, { type, precision }: Spec): string {
  switch (type) {
    case 'f':
    case 'F':
      return fixed(value, precision ?? 6);
    case '%':
      return `${fixed(value * 100, precision ?? 6)}%`;
    case 'e':
    case 'E':
      return twoDigitExponent(value.toExponential(precision ?? 6));
    case undefined:
      return precision === undefined ? shortest(value) : general(value, precision, true);
    default:
      return general(value, precision ?? 6, false);
  }
}

/** Halves go to the even digit, as in Python: in JavaScript they go up. */
function fixed(value: number, precision: number): string {
  const text = value.toFixed(precision);
  if (value >= 1e21) return BigInt(value).toString() + (precision > 0 ? `.${'0'.repeat(precision)}` : '');
  const exact = value.toFixed(MAX_PRECISION);
  const point = exact.indexOf('.');
  const isHalf = /^50*$/.test(exact.slice(point + 1 + precision));
  const kept = exact.slice(0, point + 1 + precision).replace(/\.$/, '');
  return isHalf && Number(kept.at(-1)) % 2 === 0 ? kept : text;
}

/** Type g: scientific where the exponent is small or large; without zeros at the end. */
function general(value: number, precision: number, isLikeRepr: boolean): string {
  const digits = Math.max(1, precision);
  const scientific = value.toExponential(digits - 1);
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  if (exponent >= -4 && exponent < digits - (isLikeRepr ? 1 : 0)) {
    const text = trimmed(fixed(value, digits - 1 - exponent));
    return isLikeRepr && !text.includes('.') ? `${text}.0` : text;
  }
  const [mantissa = '', power = ''] = scientific.split('e');
  return twoDigitExponent(`${trimmed(mantissa)}e${power}`);
}

/** Python's `repr`: the fewest digits that tell this number from all others. */
function shortest(value: number): string {
  const scientific = value.toExponential();
  const exponent = Number(scientific.slice(scientific.indexOf('e') + 1));
  if (value !== 0 && (exponent < -4 || exponent >= 16)) return twoDigitExponent(scientific);
  const digits = Math.max(0, scientific.replace('.', '').indexOf('e') - 1 - exponent);
  return digits === 0 ? `${value}.0` : value.toFixed(digits);
}

function trimmed(digits: string): string {
  return !digits.includes('.') ? digits : digits.replace(/\.?0+$/, '');
}

function twoDigitExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

function signOf(isNegative: boolean, { sign }: Spec): string {
  return isNegative ? '-' : sign === '+' || sign === ' ' ? sign : '';
}

/** Sign, digits in groups and what follows them, filled up to the width. */
function number(
  sign: string,
  digits: string,
  rest: string,
  groupSize: number,
  group: string | undefined,
  spec: Spec,
): string {
  const { zero, fill, align, width } = spec;
  const filling = fill ?? (zero ? '0' : ' ');
  const place = align ?? (zero ? '=' : '>');
  if (group === undefined) return padded(sign, digits + rest, spec, place, filling);
  let body = digits;
  if (filling === '0' && place === '=') {
    // zeros in front are in groups, too
    const wanted = width - sign.length - rest.length;
    while (grouped(body, group, groupSize).length < wanted) body = `0${body}`;
  }
  return padded(sign, grouped(body, group, groupSize) + rest, spec, place, filling);
}

function grouped(digits: string, separator: string, size: number): string {
  return digits.replace(new RegExp(`\\B(?=(?:\\w{${size}})+$)`, 'g'), separator);
}

function padded(sign: string, body: string, { width }: Spec, align: string, fill: string): string {
  const missing = Math.max(0, width - [...sign, ...body].length);
  if (align === '<') return sign + body + fill.repeat(missing);
  if (align === '=') return sign + fill.repeat(missing) + body;
  if (align === '>') return fill.repeat(missing) + sign + body;
  const left = Math.floor(missing / 2);
  return fill.repeat(left) + sign + body + fill.repeat(missing - left);
}

function wrong(spec: string, why: string): PvaflowError {
  return new PvaflowError('PVAFLOW_FORMAT', `"${spec}" is no format of it: ${why}`);
}
