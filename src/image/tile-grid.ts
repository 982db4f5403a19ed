import { PvaflowError } from '../core/errors.js';

/** Where a tile belongs in its image: its row and column in the grid, its first pixel and its size. */
export interface TilePlace {
  readonly row: number;
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly nx: number;
  readonly ny: number;
}

/** How an image is cut: into so many columns and rows, or into tiles of so many pixels. */
export type TileLayout =
  { readonly columns: number; readonly rows: number } | { readonly nx: number; readonly ny: number };

/** The tiles of an image, row by row. */
export interface TileGrid {
  readonly rows: number;
  readonly columns: number;
  readonly tiles: readonly TilePlace[];
}

/**
 * Cuts an image of `nx` columns and `ny` rows of pixels. A number of rows and columns makes tiles that differ by one pixel at
 * most; a size makes tiles of that size, and smaller ones at the right and at the lower edge where it does not fit.
 *
 * @throws {PvaflowError} PVAFLOW_TILES when there are more tiles than pixels, or a number is not positive
 */
export function tileGrid(nx: number, ny: number, layout: TileLayout): TileGrid {
  for (const [name, value] of Object.entries<number>(layout))
    if (!Number.isSafeInteger(value) || value < 1)
      throw new PvaflowError('PVAFLOW_TILES', `${name} of the tiles must be a whole number from 1 on, not ${value}`);
  const [xs, ys] =
    'columns' in layout
      ? [evenly(nx, layout.columns), evenly(ny, layout.rows)]
      : [inSteps(nx, layout.nx), inSteps(ny, layout.ny)];
  const [columns, rows] = [xs.length - 1, ys.length - 1];
  if (columns > nx || rows > ny)
    throw new PvaflowError(
      'PVAFLOW_TILES',
      `an image of ${nx}x${ny} pixels cannot be cut into ${columns}x${rows} tiles`,
    );
  const tiles = Array.from({ length: rows * columns }, (_, at) => {
    const [row, column] = [Math.floor(at / columns), at % columns];
    const [x = 0, right = 0] = xs.slice(column);
    const [y = 0, bottom = 0] = ys.slice(row);
    return { row, column, x, y, nx: right - x, ny: bottom - y };
  });
  return { rows, columns, tiles };
}

/** Columns and rows: `2x2`. */
export const tileLayoutPattern = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/;

/** `2x2` is two columns and two rows. @throws {PvaflowError} PVAFLOW_TILES when it is no layout */
export function parseTileLayout(text: string): { columns: number; rows: number } {
  const [, columns, rows] = tileLayoutPattern.exec(text.trim()) ?? [];
  if (columns !== undefined) return { columns: Number(columns), rows: Number(rows) };
  throw new PvaflowError('PVAFLOW_TILES', `"${text}" is no layout of tiles. Write columns and rows, such as 2x2`);
}

/** Where parts begin, and the end: `evenly(10, 3)` is 0, 3, 6, 10. */
function evenly(length: number, parts: number): number[] {
  return Array.from({ length: parts + 1 }, (_, at) => Math.floor((at * length) / parts));
}

function inSteps(length: number, step: number): number[] {
  const starts = Array.from({ length: Math.ceil(length / step) }, (_, at) => at * step);
  return [...starts, length];
}
