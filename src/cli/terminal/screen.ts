import type { WriteStream } from 'node:tty';

const ENTER = '\x1b[?1049h\x1b[?25l'; // the alternate screen, without cursor
const LEAVE = '\x1b[0m\x1b[?25h\x1b[?1049l';
const BEGIN = '\x1b[?2026h\x1b[H'; // one update of the whole screen, from its top
const END = '\x1b[J\x1b[?2026l';
const CLEAR_LINE = '\x1b[K';

/**
 * A terminal as a page that is drawn over and over. What stood there before comes back when it is closed, and also when
 * the process ends in any way but a kill.
 */
export class Screen implements Disposable {
  private open = true;
  private readonly restore = () => this.close();

  constructor(private readonly terminal: WriteStream) {
    process.once('exit', this.restore);
    terminal.write(ENTER);
  }

  get columns(): number {
    return this.terminal.columns || 80;
  }

  get rows(): number {
    return this.terminal.rows || 24;
  }

  /** True while the terminal (a slow line, say) has not taken the last page yet: a new one would only queue up. */
  get busy(): boolean {
    return this.terminal.writableLength > 0;
  }

  /** Calls back when the size changes. */
  onResize(callback: () => void): void {
    this.terminal.on('resize', callback);
  }

  /** Shows these lines, the first at the top; what does not fit below is left out. */
  draw(lines: readonly string[]): void {
    const page = lines.slice(0, this.rows).map((line) => line + CLEAR_LINE);
    this.terminal.write(BEGIN + page.join('\n') + END);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    process.off('exit', this.restore);
    this.terminal.removeAllListeners('resize');
    this.terminal.write(LEAVE);
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
