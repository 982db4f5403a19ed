/**
 * What a file of bare pixels does not say itself, as YAML. The fields of `file_info` are those that pvaPy's simulator reads; the
 * others are for ours, where pixels have three colours.
 */
import { endianness } from 'node:os';
import type { FilePixels } from './file-pixels.js';

/** A name for the description: images that are laid out alike have the same. */
export function rawDescriptionName({ nx, ny, dtype, colorMode }: FilePixels): string {
  return `raw-${nx}x${ny}-${dtype}${colorMode === 0 ? '' : `-colorMode${colorMode}`}.yaml`;
}

export function rawDescription({ nx, ny, dtype, colorMode }: FilePixels): string {
  const datatype = dtype === 'boolean' ? 'uint8' : dtype;
  return `# Files of bare pixels, as \`pvaflow sim-server --config-file\` and pvaPy's simulator read them.
file_info:
  width: ${nx}
  height: ${ny}
  datatype: ${datatype}
  color_mode: ${colorMode}
  header_offset: 0
  endian: '${endianness() === 'LE' ? '<' : '>'}'
  ordered_files: null
`;
}
