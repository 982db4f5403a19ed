import type { Range } from '../picture/range.js';
import { grouped } from '../../core/figures.js';
import { pixelText } from '../picture/pixel-text.js';
import type { FrameFacts } from './frame-facts.js';

/** `2048×1024 uint16`, `640×480×3 uint8`. */
export function sizeText({ image, dtype }: FrameFacts): string {
  const [height = 0, width = 0, ...colors] = image.shape;
  return `${[width, height, ...colors].join('×')} ${dtype}`;
}

/** What is said of a frame beside its picture. `extremes` are those of all its pixels. */
export function statusText(channel: string, frame: FrameFacts, rate: number | undefined, extremes: Range): string {
  return [
    channel,
    `id ${grouped(frame.id)}`,
    `${rate === undefined ? '–' : grouped(rate, 1)} fps`,
    sizeText(frame),
    `min ${pixelText(extremes.low)}`,
    `max ${pixelText(extremes.high)}`,
  ].join('  ');
}
