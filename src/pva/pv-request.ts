import { PvObject } from './pv-object.js';
import { type RequestNode, parseRequest } from './pv-request-parser.js';
import { structure, type TypeFields, type TypeSpec } from './pv-type.js';
import { badOption } from './options.js';

/** Options by name. What reaches the server is text, as in the request's text form. */
export type PvRequestOptions = Readonly<Record<string, string | number | boolean>>;

export interface PvRequestParts {
  /** Paths of the fields that are wanted, such as `value` or `alarm.severity`; all fields if there are none. */
  readonly fields?: readonly string[];
  /** Options of the whole request: `record[…]`. Those with a meaning here: queueSize, pipeline, process, block, ackAny. */
  readonly recordOptions?: PvRequestOptions;
  /** Options of the whole value: `field(_[…])`, as pvaPy's data distributor wants them. */
  readonly fieldOptions?: PvRequestOptions;
}

const NAME = /^[^\s,.(){}[\]=]+$/;

/**
 * What a client asks of a channel: which fields, and with which options. Its text form is the one that pvget, p4p and
 * pvaPy know, `record[queueSize=4,pipeline=true]field(value,alarm.severity)`, where `field(_[name=value])` has options of
 * the whole value, `field(array[name=value])` of one field and `field(alarm{severity,status})` stands for two paths.
 *
 * Instances do not change.
 */
export class PvRequest {
  readonly recordOptions: Readonly<Record<string, string>>;
  private readonly root: RequestNode;

  /** Throws PVAFLOW_OPTION when a field or an option has no name that a request can carry. */
  constructor(parts: PvRequestParts = {}) {
    this.recordOptions = texts(parts.recordOptions);
    this.root = { options: {}, fields: new Map() };
    for (const path of parts.fields ?? []) nodeAt(this.root, path);
    const whole = texts(parts.fieldOptions);
    if (Object.keys(whole).length > 0) Object.assign(nodeAt(this.root, '_').options, whole);
  }

  /** Throws PVAFLOW_REQUEST saying where the text is wrong. Empty text asks for everything. */
  static parse(text: string): PvRequest {
    const { record, fields } = parseRequest(text);
    return PvRequest.ofTree(record, fields);
  }

  static of(request: string | PvRequest | undefined): PvRequest {
    if (request instanceof PvRequest) return request;
    return request === undefined ? new PvRequest() : PvRequest.parse(request);
  }

  private static ofTree(recordOptions: PvRequestOptions, root: RequestNode): PvRequest {
    const request = new PvRequest({ recordOptions });
    for (const [name, node] of root.fields) request.root.fields.set(name, node);
    return request;
  }

  /** Paths of the fields that are wanted; empty for all. */
  get fields(): string[] {
    return pathsOf(this.root, '').filter((path) => path !== '_');
  }

  /** Options of the whole value. */
  get fieldOptions(): Readonly<Record<string, string>> {
    return this.root.fields.get('_')?.options ?? {};
  }

  /** The same request with more fields and options; what `parts` gives again replaces. */
  with(parts: PvRequestParts): PvRequest {
    const copy = PvRequest.ofTree({ ...this.recordOptions, ...parts.recordOptions }, copyNode(this.root));
    for (const path of parts.fields ?? []) nodeAt(copy.root, path);
    const whole = texts(parts.fieldOptions);
    if (Object.keys(whole).length > 0) Object.assign(nodeAt(copy.root, '_').options, whole);
    return copy;
  }

  /** The text form. */
  toString(): string {
    const record = Object.keys(this.recordOptions).length > 0 ? `record${optionText(this.recordOptions)}` : '';
    return `${record}field(${fieldText(this.root)})`;
  }

  /** The value that goes to the server. */
  toValue(): PvObject {
    const hasRecord = Object.keys(this.recordOptions).length > 0;
    const type: TypeFields = {
      field: nodeType(this.root),
      ...(hasRecord && { record: structure({ _options: optionsType(this.recordOptions) }) }),
    };
    const value = { field: nodeValue(this.root), ...(hasRecord && { record: { _options: this.recordOptions } }) };
    return new PvObject(structure(type), value);
  }
}

function texts(options: PvRequestOptions = {}): Record<string, string> {
  const entries = Object.entries(options).map(([name, value]): [string, string] => {
    const text = String(value);
    if (!NAME.test(name) || /[[\],]/.test(text)) {
      throw badOption(`request: option ${name}=${text} cannot be sent: "[", "]" and "," have a meaning in requests`);
    }
    return [name, text];
  });
  return Object.fromEntries(entries);
}

function nodeAt(root: RequestNode, path: string): RequestNode {
  let node = root;
  for (const name of path.split('.')) {
    if (!NAME.test(name)) throw badOption(`request: "${path}" is not the path of a field`);
    let next = node.fields.get(name);
    if (!next) node.fields.set(name, (next = { options: {}, fields: new Map() }));
    node = next;
  }
  return node;
}

function copyNode(node: RequestNode): RequestNode {
  const fields = [...node.fields].map(([name, child]): [string, RequestNode] => [name, copyNode(child)]);
  return { options: { ...node.options }, fields: new Map(fields) };
}

function pathsOf(node: RequestNode, path: string): string[] {
  if (node.fields.size === 0) return path === '' ? [] : [path];
  return [...node.fields].flatMap(([name, child]) => pathsOf(child, path === '' ? name : `${path}.${name}`));
}

function optionText(options: Readonly<Record<string, string>>): string {
  const list = Object.entries(options).map(([name, value]) => `${name}=${value}`);
  return list.length > 0 ? `[${list.join(',')}]` : '';
}

function fieldText(node: RequestNode): string {
  const list = [...node.fields].map(([name, child]) => {
    const inner = child.fields.size > 0 ? `{${fieldText(child)}}` : '';
    return `${name}${optionText(child.options)}${inner}`;
  });
  return list.join(',');
}

function optionsType(options: Readonly<Record<string, string>>): TypeSpec {
  return structure(Object.fromEntries(Object.keys(options).map((name) => [name, 'string'])));
}

function nodeType(node: RequestNode): TypeSpec {
  const fields: Record<string, TypeSpec> = {};
  if (Object.keys(node.options).length > 0) fields._options = optionsType(node.options);
  for (const [name, child] of node.fields) fields[name] = nodeType(child);
  return structure(fields);
}

function nodeValue(node: RequestNode): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  if (Object.keys(node.options).length > 0) value._options = node.options;
  for (const [name, child] of node.fields) value[name] = nodeValue(child);
  return value;
}
