import type { ImageRow } from './row.js';

/** Processors that change the values of pixels. */
export const valueRows: readonly ImageRow[] = [
  {
    name: 'threshold',
    className: 'AdImageThreshold',
    config: { level: 100 },
    dtypes: ['uint8', 'uint16', 'float32'],
    numpy: 'np.where(a < 100, 0, a).astype(a.dtype)',
  },
];
