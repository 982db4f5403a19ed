import type { WriteStream } from 'node:tty';
import { writeLine } from '../output.js';
import { drawPicture } from '../picture/picture.js';
import { Screen } from '../terminal/screen.js';
import { factsOf } from '../view/frame-facts.js';
import type { FrameFeed } from '../view/frame-feed.js';
import { colorModeOf } from '../view/terminal-view.js';
import { channels } from './processes.js';

const DRAW_MS = 1000 / 15;
const PLAIN_MS = 1000;

/** What is shown of the demo, and until when. */
export interface DemoView {
  /** The frames of the output channel. */
  readonly images: FrameFeed;
  goesOn(): boolean;
  /** The table of rates and losses. */
  lines(): string[];
}

/** The picture of the output with the table below it. */
export async function showPicture(view: DemoView, terminal: WriteStream): Promise<void> {
  using screen = new Screen(terminal);
  const colorMode = colorModeOf('auto', terminal);
  while (view.goesOn()) {
    view.images.refresh();
    const { columns } = screen;
    const table = view.lines().map((line) => line.slice(0, columns));
    const rows = Math.max(1, screen.rows - table.length);
    const frame = view.images.current && factsOf(channels.output, view.images.current);
    const picture = frame
      ? drawPicture(frame.image, {
          columns,
          rows,
          colorMode,
          colorMap: 'viridis',
          scaling: 'minmax',
          reduction: 'mean',
        })
      : undefined;
    if (!screen.busy) screen.draw([...(picture?.lines ?? []), ...table]);
    await view.images.pause(DRAW_MS);
  }
}

/** The table once a second. */
export async function showPlain(view: DemoView): Promise<void> {
  while (view.goesOn()) {
    view.images.refresh();
    for (const line of view.lines()) await writeLine(line);
    await view.images.pause(PLAIN_MS);
  }
}
