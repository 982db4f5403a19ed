/**
 * The description of a file of bare pixels, as YAML: `file_info` with the fields that pvaPy's simulator reads, and `color_mode`.
 * `rawDescription` writes it.
 */
import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';
import { messageOf, PvaflowError } from '../../../core/errors.js';
import { fileError } from '../../../core/files/file-error.js';
import { pixelFormats, type PixelType } from '../../../pva/normative/pixel-types.js';
import { isColorMode, type ColorMode } from '../../color-mode.js';
import { isLittleMachine } from './elements.js';
import type { RawLayout } from './frame-file.js';

const dtypes = pixelFormats.map(({ dtype }) => dtype).filter((dtype) => dtype !== 'boolean');
const count = z.int().min(1);
const bytes = z.int().min(0);

const descriptionSchema = z.strictObject({
  file_info: z.strictObject({
    width: count,
    height: count,
    datatype: z.enum(dtypes as [PixelType, ...PixelType[]]),
    color_mode: z
      .custom<ColorMode>((mode) => typeof mode === 'number' && isColorMode(mode), 'no colour mode')
      .default(0),
    header_offset: bytes.default(0),
    between_frames: bytes.nullish(),
    n_images: count.nullish(),
    endian: z.enum(['<', '>', '=', 'little', 'big']).nullish(),
    ordered_files: z.array(z.string().min(1)).nullish(),
  }),
});

/** What a description says. */
export interface RawDescription {
  readonly layout: RawLayout;
  /** The files in their order, in the place of those of a directory. */
  readonly files: readonly string[] | undefined;
}

/** @throws {PvaflowError} PVAFLOW_FILE_CONTENT when it is none, naming what is wrong; PVAFLOW_FILE_ and the system's code */
export async function readRawDescription(path: string): Promise<RawDescription> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    throw fileError('cannot read', path, error);
  }
  return rawDescriptionOf(text, path);
}

function rawDescriptionOf(text: string, path: string): RawDescription {
  const refuse = (what: string) => new PvaflowError('PVAFLOW_FILE_CONTENT', `${path}: ${what}`);
  let document: unknown;
  try {
    document = parse(text);
  } catch (error) {
    throw refuse(messageOf(error));
  }
  const { data, error } = descriptionSchema.safeParse(document);
  if (data === undefined)
    throw refuse(error.issues.map(({ path: at, message }) => `${at.join('.') || 'the whole'}: ${message}`).join('; '));
  const { width, height, datatype, color_mode, header_offset, between_frames, n_images, endian, ordered_files } =
    data.file_info;
  const isNative = endian === undefined || endian === null || endian === '=';
  const layout: RawLayout = {
    nx: width,
    ny: height,
    dtype: datatype,
    colorMode: color_mode,
    isLittleEndian: isNative ? isLittleMachine : endian === '<' || endian === 'little',
    offset: header_offset,
    gap: between_frames ?? 0,
    frames: n_images ?? undefined,
  };
  return { layout, files: ordered_files ?? undefined };
}
