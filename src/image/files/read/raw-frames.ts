import { PvaflowError } from '../../../core/errors.js';
import { colorDimension } from '../../color-mode.js';
import { elementBytes, elementsOf } from './elements.js';
import type { FrameFile, RawLayout, ReadOptions } from './frame-file.js';
import { OpenFile } from './open-file.js';

/** The images of a file of bare pixels, which lie as a description says. */
export async function openRaw(path: string, { raw }: ReadOptions): Promise<FrameFile> {
  if (raw === undefined) {
    const advice = 'describe it in a YAML file, and name that by --config-file (-cfg)';
    throw new PvaflowError('PVAFLOW_FILE_FORMAT', `${path} does not say what it holds: ${advice}`);
  }
  const file = await OpenFile.open(path);
  try {
    return rawFrames(file, raw);
  } catch (error) {
    await file.close();
    throw error;
  }
}

function rawFrames(file: OpenFile, raw: RawLayout): FrameFile {
  const { nx, ny, dtype, colorMode, isLittleEndian, offset, gap } = raw;
  const length = nx * ny * (colorDimension(colorMode) === undefined ? 1 : 3) * elementBytes(dtype);
  const frames = raw.frames ?? wholeFrames(file, raw, length);
  const end = offset + frames * (length + gap) - gap;
  if (file.size < end) throw file.damaged(`has ${file.size} bytes, ${frames} frames as described end at ${end}`);
  return {
    length: frames,
    async read(index) {
      const bytes = await file.read(offset + index * (length + gap), length);
      return { data: elementsOf(bytes, dtype, isLittleEndian), nx, ny, colorMode, dtype };
    },
    close: () => file.close(),
  };
}

/** As many as there are. A rest that is no frame means that the description is of another file. */
function wholeFrames(file: OpenFile, { offset, gap }: RawLayout, length: number): number {
  const frames = Math.floor((file.size - offset + gap) / (length + gap));
  const rest = file.size - offset - frames * (length + gap);
  if (frames >= 1 && (rest === 0 || rest === -gap)) return frames;
  const found = `${file.size - offset} bytes from ${offset} on are not a whole number of frames of ${length} bytes`;
  throw file.damaged(`does not fit its description: ${found}; state n_images to leave out what is behind them`);
}
