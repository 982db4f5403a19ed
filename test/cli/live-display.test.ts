import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, it } from 'vitest';
import { LiveDisplay } from '../../src/cli/live-display.js';

/** What was written to a terminal since it was asked last. */
function terminal(columns: number): { stream: WriteStream; written: () => string } {
  const stream = Object.assign(new PassThrough(), { columns });
  const written = () => (stream.read() as Buffer | null)?.toString() ?? '';
  return { stream: stream as unknown as WriteStream, written };
}

it('draws over what it showed before, also where the terminal has folded it meanwhile', () => {
  const { stream, written } = terminal(80);
  const display = new LiveDisplay(stream);
  display.show(['x'.repeat(60), 'y']);
  expect(written()).toBe(`${'x'.repeat(60)}\ny\n`);
  display.show(['a', 'b']);
  expect(written()).toBe('\x1b[2A\x1b[0Ja\nb\n');
  display.show(['x'.repeat(60), 'y']);
  written();
  stream.columns = 20;
  display.show(['a']);
  expect(written()).toBe('\x1b[4A\x1b[0Ja\n'); // three rows and one
  display.close();
});
