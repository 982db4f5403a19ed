import { PvaflowError } from '../core/errors.js';
import { formatValue } from '../core/python-format/number-format.js';

/** The part of Python's format specification that makes sense for an id: [[fill]align][sign][#][0][width][,_][type]. */
const specification = /^(?:(.)?([<>=^]))?([+\- ])?(#)?(0)?(\d+)?([,_])?([bdnoxX])?$/u;

/** Formats an id as Python's `format(id, spec)` does: `03d` makes 007 of 7. */
export function formatId(id: number, spec = ''): string {
  if (specification.test(spec)) return formatValue(id, spec);
  throw new PvaflowError('PVAFLOW_ID_FORMAT', `"${spec}" is not a format of an id. Examples: 03d, 4, x`);
}

/** The channels of one consumer or collector, as they were asked for. */
export interface ChannelNames {
  input: string;
  output?: string | undefined;
  status?: string | undefined;
  control?: string | undefined;
}

/**
 * Puts the id in its places: `*` becomes the formatted id, and `_` becomes `pvapy:consumer:<id>:output`, `…:status` or
 * `…:control`.
 *
 * @param kind `consumer` or `collector`
 */
export function resolveChannelNames(kind: string, id: number, names: ChannelNames, idFormat?: string): ChannelNames {
  const text = formatId(id, idFormat);
  const resolve = (name: string | undefined, role: string) =>
    name === '_' ? `pvapy:${kind}:${text}:${role}` : name?.replaceAll('*', text);
  return {
    input: names.input.replaceAll('*', text),
    output: resolve(names.output, 'output'),
    status: resolve(names.status, 'status'),
    control: resolve(names.control, 'control'),
  };
}

/**
 * Two inputs on one channel would give everything twice, two outputs would mix; what monitored what it serves would feed itself.
 *
 * @param names each with what it is the name of
 * @param advice how names become different
 * @throws {PvaflowError} PVAFLOW_CONFIG when two have the same name
 */
export function refuseSharedNames(
  names: readonly (readonly [owner: string, name: string | undefined])[],
  advice: string,
): void {
  const owners = new Map<string, string>();
  for (const [owner, name] of names) {
    if (name === undefined) continue;
    const other = owners.get(name);
    owners.set(name, owner);
    if (other === undefined) continue;
    const message = `the ${other} and the ${owner} have the same name ${name}: ${advice}`;
    throw new PvaflowError('PVAFLOW_CONFIG', message);
  }
}

/** No list of ids is longer than this. */
const MAX_IDS = 10_000;

/**
 * Reads a list of ids: `1,2,5`, `[4,7]` or `range(first,end[,step])`, where `end` is left out, as in Python.
 *
 * @throws {PvaflowError} PVAFLOW_ID_LIST when it is none of these
 */
export function parseIdList(text: string): number[] {
  const plain = text.trim();
  const range = /^range\(([^)]*)\)$/.exec(plain);
  const ids = range ? idsOfRange(text, range[1] as string) : numbersOf(text, plain.replace(/^\[(.*)\]$/, '$1'));
  if (ids.length === 0 || ids.length > MAX_IDS) throw wrongList(text);
  return ids;
}

function idsOfRange(text: string, inner: string): number[] {
  const numbers = numbersOf(text, inner);
  if (numbers.length < 1 || numbers.length > 3) throw wrongList(text);
  const [first, end] = numbers.length === 1 ? [0, numbers[0] as number] : (numbers as [number, number]);
  const step = numbers[2] ?? 1;
  if (step === 0 || Math.abs((end - first) / step) > MAX_IDS) throw wrongList(text);
  const count = Math.max(0, Math.ceil((end - first) / step));
  return Array.from({ length: count }, (_, i) => first + i * step);
}

function numbersOf(text: string, list: string): number[] {
  const words = list.split(',').map((word) => word.trim());
  if (words.at(-1) === '') words.pop(); // a comma at the end is allowed, as in Python
  if (!words.every((word) => /^-?\d{1,9}$/.test(word))) throw wrongList(text);
  return words.map(Number);
}

function wrongList(text: string): PvaflowError {
  return new PvaflowError('PVAFLOW_ID_LIST', `"${text}" is not a list of ids. Write 1,2,5 or [4,7] or range(1,5)`);
}
