import { interceptLog } from '../core/logger.js';

/** Lines at the end of a terminal that are drawn anew in place; log lines go above them. */
export class LiveDisplay {
  #lines: readonly string[] = [];
  readonly #release: () => void;

  constructor(readonly terminal: NodeJS.WriteStream) {
    this.#release = interceptLog((text) => this.#above(text));
  }

  show(lines: readonly string[]): void {
    this.terminal.write(`${this.#erase()}${lines.join('\n')}\n`);
    this.#lines = lines;
  }

  /** Leaves what was shown last, and logs go to stderr again. */
  close(): void {
    this.#release();
    this.#lines = [];
  }

  #above(text: string): void {
    this.terminal.write(`${this.#erase()}${text}${this.#lines.join('\n')}${this.#lines.length > 0 ? '\n' : ''}`);
  }

  #erase(): string {
    return this.#lines.length > 0 ? `\x1b[${this.#rows()}A\x1b[0J` : '';
  }

  /** How many rows the lines have: a terminal that became narrower has folded those that no longer fit. */
  #rows(): number {
    const columns = this.terminal.columns || Infinity;
    return this.#lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(line.length / columns)), 0);
  }
}
