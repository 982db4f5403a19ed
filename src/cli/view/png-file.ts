import { writeFile } from 'node:fs/promises';
import { messageOf, PvaflowError } from '../../core/errors.js';
import { usageError } from '../exit.js';
import { writeLine } from '../output.js';
import { encodePng, type PngFile } from '../picture/png.js';
import { pixelText } from '../picture/pixel-text.js';
import type { FrameFacts } from './frame-facts.js';
import { sizeText } from './status-line.js';
import { scalingOf, type ViewOptions } from './view-options.js';

/** What the file is made of; a colour map counts only where the user named one. */
function encode(channel: string, frame: FrameFacts, options: ViewOptions, mapGiven: boolean): PngFile {
  if (options.raw && options.scaled) throw usageError('give --raw or --scaled, not both');
  return encodePng(frame.image, {
    values: options.raw ? 'raw' : options.scaled ? 'scaled' : 'auto',
    scaling: options.range ?? (options.scaled ? scalingOf(options) : 'minmax'),
    depth: options.depth === '8' ? 8 : 16,
    colorMap: mapGiven ? options.colorMap : 'grey',
    text: { channel, uniqueId: String(frame.id) },
  });
}

function meaning({ range }: PngFile): string {
  if (!range) return 'pixel values as they are';
  return `${pixelText(range.low)} is 0 and ${pixelText(range.high)} full scale`;
}

/** Writes the frame to `options.png` and says what the file holds. */
export async function writePng(
  channel: string,
  frame: FrameFacts,
  options: ViewOptions,
  mapGiven: boolean,
): Promise<void> {
  const file = options.png as string;
  const png = encode(channel, frame, options, mapGiven);
  try {
    await writeFile(file, png.bytes);
  } catch (cause) {
    throw new PvaflowError('PVAFLOW_PNG', `cannot write ${file}: ${messageOf(cause)}`, { cause });
  }
  const kind = `${png.depth}-bit ${png.channels === 3 ? 'RGB' : 'grey'}`;
  await writeLine(`${file}: image ${frame.id} of ${channel}, ${sizeText(frame)}, as ${kind}; ${meaning(png)}`);
}
