import { tileFacts } from '../../image/tiles.js';
import type { Dimension } from '../../pva/normative/nt-nd-array.js';
import type { PvObject } from '../../pva/pv-object.js';

/**
 * Which tile of an image an object is: as its fields or attributes `tileIndexX` and `tileIndexY` say, or the offsets of its
 * dimensions within `fullSize`. Undefined for what does not say that it is a tile.
 */
export function tileOf(object: PvObject): string | undefined {
  const facts = tileFacts(object);
  if (facts !== undefined) return `${facts.row},${facts.column}`;
  if (!object.has('dimension')) return undefined;
  const all: unknown = object.get('dimension');
  const dimensions = Array.isArray(all) ? (all as (Dimension | null)[]).filter((dimension) => dimension !== null) : [];
  return dimensions.some(isPart) ? dimensions.map(({ offset }) => offset).join(',') : undefined;
}

function isPart({ size, offset, fullSize }: Dimension): boolean {
  return offset !== 0 || fullSize > size;
}
