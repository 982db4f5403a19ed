import type { ImageRow } from './row.js';

/** Processors that change the shape of images. */
export const shapeRows: readonly ImageRow[] = [];
