import { PvaflowError } from '../../core/errors.js';
import { PvRequest } from '../../pva/pv-request.js';

export const mirrorProviders = ['pva', 'ca'] as const;
export type MirrorProvider = (typeof mirrorProviders)[number];

/** One channel to mirror. */
export interface MirrorEntry {
  /** Name under which it is served. */
  readonly mirror: string;
  readonly source: string;
  readonly provider: MirrorProvider;
  /** Updates that may be under way from the source; 0 for the default. */
  readonly queueSize: number;
  /** How many monitors share the updates of the source, where its server distributes them. */
  readonly monitors: number;
  /** What to ask of the source, in front of which `field(` and behind which `)` is put; empty for all fields. */
  readonly request: string;
}

const FORM = '(mirror,source[,pva|ca[,queueSize[,monitors,request]]])';

/**
 * Reads pvaPy's channel map: `(mirror,source[,pva|ca[,queueSize[,monitors,request]]]),…`. A source may name its provider
 * itself, as in `ca://X`. The request may have commas and parentheses of its own.
 *
 * @throws {PvaflowError} PVAFLOW_CHANNEL_MAP naming the entry
 */
export function parseChannelMap(text: string): MirrorEntry[] {
  const entries = tuplesOf(text).map(entryOf);
  checkEntries(entries);
  return entries;
}

/**
 * What no entry can be.
 *
 * @throws {PvaflowError} PVAFLOW_CHANNEL_MAP naming the mirror
 */
export function checkEntries(entries: readonly MirrorEntry[]): void {
  const names = new Set<string>();
  for (const entry of entries) {
    const { mirror, provider, monitors, request } = entry;
    if (names.has(mirror)) throw contradiction(mirror, 'it is there twice');
    names.add(mirror);
    if (provider === 'ca' && (monitors > 1 || request !== ''))
      throw contradiction(mirror, 'Channel Access has no requests, and its servers do not distribute updates');
    PvRequest.parse(`field(${request})`);
  }
}

/** What is between the outer parentheses. */
function tuplesOf(text: string): string[] {
  const tuples: string[] = [];
  let rest = text.trim();
  while (rest !== '') {
    const end = closingOf(rest, text);
    tuples.push(rest.slice(1, end));
    rest = rest.slice(end + 1).replace(/^\s*,?\s*/, '');
  }
  if (tuples.length === 0) throw wrong(text, 'there is no entry');
  return tuples;
}

/** Where the parenthesis closes that `rest` begins with. */
function closingOf(rest: string, text: string): number {
  if (!rest.startsWith('(')) throw wrong(text, `expected ( before ${rest}`);
  let depth = 0;
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === '(') depth++;
    if (rest[at] === ')' && --depth === 0) return at;
  }
  throw wrong(text, `no ) for ${rest}`);
}

function entryOf(tuple: string): MirrorEntry {
  const [mirror = '', named = '', provider = '', queueSize = '', monitors = '', ...request] = tuple
    .split(',')
    .map((part) => part.trim());
  const [, scheme, source = ''] = /^(?:(pva|ca):\/\/)?(.*)$/.exec(named) ?? [];
  if (mirror === '' || source === '') throw wrong(`(${tuple})`, 'the mirror and its source need names');
  return {
    mirror,
    source,
    provider: providerOf(provider === '' ? (scheme ?? 'pva') : provider, tuple),
    queueSize: numberOf(queueSize, 'the queue size', 0, tuple),
    monitors: numberOf(monitors, 'the number of monitors', 1, tuple),
    request: request.join(','),
  };
}

function providerOf(text: string, tuple: string): MirrorProvider {
  const provider = mirrorProviders.find((each) => each === text.toLowerCase());
  if (provider === undefined) throw wrong(`(${tuple})`, `"${text}" is not one of ${mirrorProviders.join(', ')}`);
  return provider;
}

function numberOf(text: string, what: string, least: number, tuple: string): number {
  if (text === '') return least;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw wrong(`(${tuple})`, `${what} must be a whole number of at least ${least}, found ${text}`);
  return value;
}

function contradiction(mirror: string, why: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CHANNEL_MAP', `the mirror ${mirror}: ${why}`);
}

function wrong(entry: string, why: string): PvaflowError {
  return new PvaflowError('PVAFLOW_CHANNEL_MAP', `channel map: ${entry}: ${why}. Expected ${FORM},…`);
}
