import { PvaflowError } from '../core/errors.js';

/** A field of a request: its options, and the fields that are wanted of it (none for all). */
export interface RequestNode {
  readonly options: Record<string, string>;
  readonly fields: Map<string, RequestNode>;
}

export interface ParsedRequest {
  readonly record: Record<string, string>;
  readonly fields: RequestNode;
}

/**
 * Reads the text form of a pvRequest:
 *
 *     request = { "record" options | "field" "(" [ fields ] ")" | fields }
 *     fields  = path [ options ] [ "{" fields "}" ] { "," fields }
 *     options = "[" [ name "=" value { "," name "=" value } ] "]"
 *
 * as pvData's CreateRequest does, https://docs.epics-controls.org/projects/pvdata-cpp (a value reaches to the next comma
 * or bracket). Throws PVAFLOW_REQUEST saying where the text is wrong.
 */
export function parseRequest(text: string): ParsedRequest {
  return new RequestParser(text).parse();
}

class RequestParser {
  private at = 0;
  private readonly record: Record<string, string> = {};
  private readonly root: RequestNode = newNode();

  constructor(private readonly text: string) {}

  parse(): ParsedRequest {
    this.skipSpace();
    while (this.at < this.text.length) {
      this.entity();
      this.accept(',');
    }
    return { record: this.record, fields: this.root };
  }

  private entity(): void {
    const start = this.at;
    const word = this.word('"record[", "field(" or the name of a field');
    if (word === 'record' && this.peek() === '[') return this.options(this.record);
    if (word === 'field' && this.peek() === '(') return this.fieldList();
    this.at = start;
    this.field(this.root);
  }

  private fieldList(): void {
    this.expect('(');
    if (!this.accept(')')) {
      this.fields(this.root);
      this.expect(')');
    }
  }

  private fields(parent: RequestNode): void {
    do this.field(parent);
    while (this.accept(','));
  }

  private field(parent: RequestNode): void {
    let node = parent;
    do {
      const name = this.word('the name of a field');
      let next = node.fields.get(name);
      if (!next) node.fields.set(name, (next = newNode()));
      node = next;
    } while (this.accept('.'));
    if (this.peek() === '[') this.options(node.options);
    if (this.accept('{')) {
      this.fields(node);
      this.expect('}');
    }
  }

  private options(into: Record<string, string>): void {
    this.expect('[');
    while (!this.accept(']')) {
      const name = this.word('the name of an option');
      this.expect('=');
      into[name] = this.read(/[^,[\]]*/y).trim();
      if (this.peek() !== ']') this.expect(',');
    }
  }

  private word(wanted: string): string {
    const word = this.read(/[^\s,.(){}[\]=]+/y);
    if (word === '') throw this.error(wanted);
    this.skipSpace();
    return word;
  }

  private read(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  private peek(): string | undefined {
    return this.text[this.at];
  }

  private accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    this.skipSpace();
    return true;
  }

  private expect(character: string): void {
    if (!this.accept(character)) throw this.error(`"${character}"`);
  }

  private skipSpace(): void {
    this.read(/\s*/y);
  }

  private error(wanted: string): PvaflowError {
    const rest = this.text.slice(this.at);
    const found = rest === '' ? 'the end' : `"${rest.length > 20 ? `${rest.slice(0, 20)}…` : rest}"`;
    const message = `request "${this.text}": expected ${wanted} at character ${this.at + 1}, found ${found}`;
    return new PvaflowError('PVAFLOW_REQUEST', message);
  }
}

function newNode(): RequestNode {
  return { options: {}, fields: new Map() };
}
