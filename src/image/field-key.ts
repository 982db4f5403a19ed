import { PvaflowError } from '../core/errors.js';
import { pixelFormatNamed, pixelFormats, type DataFieldKey, type PixelArray } from '../pva/normative/pixel-types.js';
import { formatOfPixels } from './pixels.js';

/** The names that `ndarray` has for 64-bit integers. */
const otherNames: Readonly<Record<string, string>> = { bigint64: 'int64', biguint64: 'uint64' };

/**
 * The member of NTNDArray's union `value` for an element type: given by name as numpy or `ndarray` call it (`uint16`), by a typed
 * array, or by an image.
 *
 * @throws PvaflowError PVAFLOW_IMAGE_TYPE when there is none
 */
export function getNtNdArrayDataFieldKey(image: string | PixelArray | { readonly data: PixelArray }): DataFieldKey {
  if (typeof image !== 'string') return formatOfPixels('data' in image ? image.data : image).fieldKey;
  const format = pixelFormatNamed(otherNames[image] ?? image);
  if (format !== undefined) return format.fieldKey;
  const known = pixelFormats.map(({ dtype }) => dtype).join(', ');
  throw new PvaflowError('PVAFLOW_IMAGE_TYPE', `no image has elements of type ${image}; there are ${known}`);
}
