import type { WriteStream } from 'node:tty';
import type { ColorMode } from '../picture/cells.js';
import { drawPicture } from '../picture/picture.js';
import { pixelText } from '../picture/pixel-text.js';
import { Screen } from '../terminal/screen.js';
import type { FrameFeed } from './frame-feed.js';
import { factsOf } from './frame-facts.js';
import { statusText } from './status-line.js';
import { scalingOf, type ViewOptions } from './view-options.js';

const IDLE_REDRAW_MS = 1000;
const STATUS_LINES = 2;

/** What the terminal can show, found by its own means (COLORTERM, TERM, NO_COLOR) unless the user says. */
export function colorModeOf(wanted: ViewOptions['color'], terminal: WriteStream): ColorMode {
  if (wanted !== 'auto') return wanted;
  const bits = terminal.getColorDepth();
  return bits >= 24 ? 'truecolor' : bits >= 8 ? '256' : 'none';
}

/** The page for the frame of `feed`: the picture, what is said of it, and how it is drawn. */
function page(
  channel: string,
  feed: FrameFeed,
  room: { readonly columns: number; readonly rows: number },
  colorMode: ColorMode,
  options: ViewOptions,
): string[] {
  const cut = (text: string) => text.slice(0, room.columns);
  const frame = feed.current && factsOf(channel, feed.current);
  if (!frame) return [cut(feed.notice || `${channel}: connected; no image has come yet`)];
  const picture = drawPicture(frame.image, {
    columns: room.columns,
    rows: Math.max(1, room.rows - STATUS_LINES),
    colorMode,
    colorMap: options.colorMap,
    scaling: scalingOf(options),
    reduction: options.reduce,
  });
  const { low, high } = picture.range;
  const how = `drawn from ${pixelText(low)} to ${pixelText(high)}  ${options.colorMap}  Ctrl-C ends`;
  return [
    ...picture.lines,
    cut(statusText(channel, frame, feed.framesPerSecond, picture.extremes)),
    cut(feed.notice || how),
  ];
}

/** Draws the newest frame again and again until the feed ends or `options.count` pictures were drawn. */
export async function viewInTerminal(
  channel: string,
  feed: FrameFeed,
  terminal: WriteStream,
  options: ViewOptions,
): Promise<void> {
  using screen = new Screen(terminal);
  const colorMode = colorModeOf(options.color, terminal);
  let resized = true;
  screen.onResize(() => (resized = true));
  let drawn = 0;
  let drawnAt = -Infinity;
  while (!feed.ended && drawn !== options.count) {
    const fresh = feed.refresh();
    const isIdle = performance.now() - drawnAt >= IDLE_REDRAW_MS;
    if (!screen.busy && (fresh || resized || isIdle)) {
      screen.draw(page(channel, feed, screen, colorMode, options));
      if (fresh) drawn++;
      resized = false;
      drawnAt = performance.now();
    }
    await feed.pause(1000 / options.rate);
    await feed.untilReadable(resized ? 0 : IDLE_REDRAW_MS);
  }
}
