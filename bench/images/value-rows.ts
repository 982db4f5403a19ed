import type { ImageRow } from './row.js';

const types = ['uint8', 'uint16', 'float32'];

/** Python: the mean of the last ten, by a running sum. */
const window = `
ring, total, turn = np.zeros((10,) + a.shape, a.dtype), np.zeros(a.shape), [0]
def average():
    global total
    k = turn[0] % 10
    np.add(total, a, out=total)
    np.subtract(total, ring[k], out=total)
    ring[k] = a
    turn[0] += 1
    return (total / 10).astype('f4')`;

/** Python: a tenth of the newest, and nine of what was before. */
const exponential = `
mean = a.astype('f8')
def average():
    global mean
    mean += (a - mean) * 0.1
    return mean.astype('f4')`;

/** Python: a sum for each ten. */
const sum = (type: string) => `
total, turn = np.zeros(a.shape, '${type}'), [0]
def add():
    np.add(total, a, out=total)
    turn[0] += 1
    if turn[0] % 10 == 0:
        result = total.copy()
        total.fill(0)
        return result`;

const figures = `
def figures():
    return a.min(), np.unravel_index(a.argmin(), a.shape), a.max(), np.unravel_index(a.argmax(), a.shape), a.mean(), a.std(), a.sum()
x = np.arange(a.shape[1], dtype='f8')
def centroid():
    light = np.where(a >= 50, a, 0).astype('f8')
    columns, rows = light.sum(axis=0), light.sum(axis=1)
    total = columns.sum()
    mx, my, mixed = columns @ x / total, rows @ x / total, x @ (light @ x) / total
    return total, mx, my, [((columns @ (x - mx)**k, rows @ (x - my)**k)) for k in (2, 3, 4)], mixed - mx * my`;

/** Python: the median of each pixel's eight neighbours, where a pixel exceeds it by more than a limit. */
const hot = `
def repaired():
    inner = a[1:-1, 1:-1]
    near = np.stack([a[1 + v : a.shape[0] - 1 + v, 1 + u : a.shape[1] - 1 + u] for v in (-1, 0, 1) for u in (-1, 0, 1) if u or v])
    median = np.partition(near, 4, axis=0)[4]
    result = a.copy()
    np.copyto(result[1:-1, 1:-1], median, where=inner.astype('i4') > median.astype('i4') + 200)
    return result`;

/** Processors that change the values of pixels, or make statistics of them. */
export const valueRows: readonly ImageRow[] = [
  {
    ...{ name: 'threshold', className: 'AdImageThreshold', config: { level: 100 }, dtypes: types },
    numpy: 'np.where(a < 100, 0, a).astype(a.dtype)',
  },
  {
    ...{ name: 'dark and flat to float32', className: 'DarkFlat', files: { dark: 10, flat: 200 }, dtypes: types },
    numpy: '(a - dark) * gain',
    numpySetup: "dark = np.full(a.shape, 10, 'f4'); gain = np.full(a.shape, 1, 'f4')",
  },
  {
    ...{ name: 'dark and flat, same type', className: 'DarkFlat', files: { dark: 10, flat: 200 }, dtypes: ['uint16'] },
    config: { outputType: 'same' },
    numpy: "np.clip(np.rint((a - dark) * gain), 0, 65535).astype('u2')",
    numpySetup: "dark = np.full(a.shape, 10, 'f4'); gain = np.full(a.shape, 1, 'f4')",
  },
  {
    ...{ name: 'mean of the last 10', className: 'AdImageMovingAverage', dtypes: types },
    ...{ numpy: 'average()', numpySetup: window },
  },
  {
    ...{
      name: 'exponential average',
      className: 'AdImageMovingAverage',
      config: { mode: 'exponential' },
      dtypes: types,
    },
    ...{ numpy: 'average()', numpySetup: exponential },
  },
  ...[['uint8', 'u4'], ['uint16', 'u4'], ['uint32', 'u8'], ['float32', 'f8']].map(([dtype = '', type = '']) => {
    return { name: 'sum of 10', className: 'AdImageSum', dtypes: [dtype], numpy: 'add()', numpySetup: sum(type) };
  }), // prettier-ignore
  {
    ...{ name: 'statistics', className: 'AdImageStatistics', config: { computeCentroid: false }, dtypes: types },
    ...{ numpy: 'figures()', numpySetup: figures },
  },
  {
    ...{ name: '… and centroid', className: 'AdImageStatistics', config: { centroidThreshold: 50 }, dtypes: types },
    ...{ numpy: '(figures(), centroid())', numpySetup: figures },
  },
  {
    ...{ name: '… and histogram', className: 'AdImageStatistics', dtypes: types },
    config: { computeCentroid: false, computeHistogram: true },
    ...{ numpy: '(figures(), np.histogram(a, 256, (0, 255)))', numpySetup: figures },
  },
  {
    ...{ name: 'hot pixels', className: 'AdImageHotPixels', config: { threshold: 200 }, dtypes: ['uint8', 'uint16'] },
    ...{ numpy: 'repaired()', numpySetup: hot },
  },
];
