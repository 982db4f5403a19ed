import type { ImageRow } from './row.js';

const types = ['uint8', 'uint16', 'uint32', 'float32', 'float64'];
const [className, colorClass, binClass] = ['AdImageTransform', 'AdImageColorConvert', 'AdImageBinning'];
const add2x2 = (type: string) => `a.reshape(512, 2, 512, 2).sum(axis=(1, 3), dtype='${type}')`;

/** Processors that change the shape of images. */
export const shapeRows: readonly ImageRow[] = [
  {
    ...{ name: 'rotate90', className, config: { transform: 'rotate90' }, dtypes: types },
    numpy: 'np.ascontiguousarray(np.rot90(a, -1))',
  },
  {
    ...{ name: 'rotate180', className, config: { transform: 'rotate180' }, dtypes: types },
    numpy: 'np.ascontiguousarray(np.rot90(a, 2))',
  },
  {
    ...{ name: 'mirror', className, config: { transform: 'mirror' }, dtypes: types },
    numpy: 'np.ascontiguousarray(np.fliplr(a))',
  },
  {
    ...{ name: 'transpose RGB1', className, config: { transform: 'transpose' }, dtypes: ['uint8'], isColor: true },
    numpy: 'np.ascontiguousarray(np.swapaxes(a, 0, 1))',
  },
  {
    ...{ name: 'region 512 × 512', className: 'AdImageRoi', dtypes: ['uint8', 'uint16', 'float64'] },
    config: { offsetX: 256, offsetY: 256, sizeX: 512, sizeY: 512 },
    numpy: 'a[256:768, 256:768].copy()',
  },
  {
    ...{ name: 'sub-sample 2 × 2', className: 'AdImageSubsample', dtypes: ['uint8', 'uint16', 'float64'] },
    numpy: 'np.ascontiguousarray(a[::2, ::2])',
  },
  { name: 'bin 2 × 2, sum', className: binClass, dtypes: ['uint8'], numpy: add2x2('uint16') },
  { name: 'bin 2 × 2, sum', className: binClass, dtypes: ['uint16'], numpy: add2x2('uint32') },
  { name: 'bin 2 × 2, sum', className: binClass, dtypes: ['uint32'], numpy: add2x2('uint64') },
  { name: 'bin 2 × 2, sum', className: binClass, dtypes: ['float32'], numpy: add2x2('float32') },
  { name: 'bin 2 × 2, sum', className: binClass, dtypes: ['uint64'], numpy: add2x2('uint64') },
  {
    ...{ name: 'bin 4 × 4, mean', className: binClass, config: { binX: 4, binY: 4, method: 'mean' } },
    numpy: "np.floor(a.reshape(256, 4, 256, 4).mean(axis=(1, 3)) + 0.5).astype('uint16')",
  },
  {
    ...{ name: 'RGB1 to mono, mean', className: colorClass, dtypes: ['uint8', 'uint16'], isColor: true },
    numpy: 'np.floor(a.mean(axis=2) + 0.5).astype(a.dtype)',
  },
  {
    ...{ name: 'RGB1 to mono, bt601', className: colorClass, config: { luminance: 'bt601' } },
    ...{ dtypes: ['uint8', 'uint16'], isColor: true },
    numpy: 'np.floor(a @ w + 0.5).astype(a.dtype)',
    numpySetup: 'w = np.array([0.299, 0.587, 0.114])',
  },
  {
    ...{ name: 'RGB1 to RGB3', className: colorClass, config: { colorMode: 'RGB3' }, dtypes: ['uint8', 'uint16'] },
    isColor: true,
    numpy: 'np.ascontiguousarray(np.moveaxis(a, 2, 0))',
  },
  {
    ...{ name: 'mono to RGB1', className: colorClass, config: { colorMode: 'RGB1' }, dtypes: ['uint8', 'uint16'] },
    numpy: 'np.repeat(a[:, :, np.newaxis], 3, axis=2)',
  },
];
