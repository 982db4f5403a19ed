import { writeLine } from '../output.js';
import { rasterOf } from '../picture/image-view.js';
import { extremes } from '../picture/range.js';
import type { FrameFeed } from './frame-feed.js';
import { factsOf } from './frame-facts.js';
import { statusText } from './status-line.js';

const PERIOD_MS = 1000;

/** A line for the newest frame, each second in which one came, until the feed ends or `count` lines were written. */
export async function viewAsLines(channel: string, feed: FrameFeed, count: number | undefined): Promise<void> {
  let lines = 0;
  while (!feed.ended && lines !== count) {
    await feed.untilReadable(PERIOD_MS);
    const frame = feed.refresh() && feed.current && factsOf(channel, feed.current);
    if (!frame) continue;
    await writeLine(statusText(channel, frame, feed.framesPerSecond, extremes(rasterOf(frame.image))));
    lines++;
    if (lines !== count) await feed.pause(PERIOD_MS);
  }
}
