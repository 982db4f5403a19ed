import { readFileSync } from 'node:fs';
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { messageOf, PvaflowError } from '../errors.js';
import type { Path } from './problem.js';

/** A configuration as it was written. JSON is read as the YAML that it is. */
export interface ConfigDocument {
  /** As the user named it. */
  readonly file: string;
  readonly value: unknown;
  /** The place of the key at this path, or of the nearest above it that is written there. */
  place(path: Path): Place;
}

export interface Place {
  readonly file: string;
  readonly line: number;
}

/** @throws {PvaflowError} PVAFLOW_CONFIG_FILE when it cannot be read, PVAFLOW_CONFIG when it is not valid YAML */
export function readDocument(file: string): ConfigDocument {
  try {
    return parseConfig(readFileSync(file, 'utf8'), file);
  } catch (error) {
    if (error instanceof PvaflowError) throw error;
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const what = isMissing ? `${file} does not exist` : `cannot read ${file}: ${messageOf(error)}`;
    throw new PvaflowError('PVAFLOW_CONFIG_FILE', what, { cause: error });
  }
}

/** @throws {PvaflowError} PVAFLOW_CONFIG naming the line */
export function parseConfig(text: string, file: string): ConfigDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [wrong] = [...document.errors, ...document.warnings];
  const placeOf = (offset: number): Place => ({ file, line: lines.linePos(offset).line });
  if (wrong !== undefined) {
    const { line } = placeOf(wrong.pos[0]);
    throw new PvaflowError('PVAFLOW_CONFIG', `${file}:${line}: not valid YAML or JSON: ${wrong.message}`);
  }
  return {
    file,
    value: plainValue(document, file),
    place: (path) => placeOf(offsetOf(document, path)),
  };
}

function plainValue(document: Document, file: string): unknown {
  try {
    return document.toJS() as unknown;
  } catch (error) {
    throw new PvaflowError('PVAFLOW_CONFIG', `${file}: not valid YAML or JSON: ${messageOf(error)}`, { cause: error });
  }
}

/** Where the key of a path begins. */
function offsetOf(document: Document, path: Path): number {
  let node = document.contents;
  let offset = startOf(node);
  for (const key of path) {
    const member = memberOf(resolved(document, node), key);
    if (member === undefined) break;
    offset = member.offset;
    node = member.node;
  }
  return offset;
}

function memberOf(node: Node | null, key: string | number): { offset: number; node: Node | null } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(key)] as Node | undefined;
    return item && { offset: startOf(item), node: item };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find((each) => String(isScalar(each.key) ? each.key.value : each.key) === String(key));
  return pair && { offset: startOf(pair.key as Node), node: pair.value as Node | null };
}

function resolved(document: Document, node: Node | null): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node;
}

function startOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}
