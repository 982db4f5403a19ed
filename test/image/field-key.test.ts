import ndarray from 'ndarray';
import { getNtNdArrayDataFieldKey } from 'pvaflow';
import { expect, test } from 'vitest';
import { pixelFormats } from '../../src/pva/normative/pixel-types.js';

test.each(pixelFormats)('$dtype is $fieldKey', ({ dtype, fieldKey, arrayType }) => {
  expect(getNtNdArrayDataFieldKey(dtype)).toBe(fieldKey);
  if (dtype === 'boolean') return;
  expect(getNtNdArrayDataFieldKey(new arrayType(2))).toBe(fieldKey);
  const image = ndarray(new arrayType(2), [1, 2]);
  expect(getNtNdArrayDataFieldKey(image)).toBe(fieldKey);
  expect(getNtNdArrayDataFieldKey(image.dtype)).toBe(fieldKey);
});

test.each(['float16', 'complex64', ''])('nothing holds %j', (dtype) => {
  expect(() => getNtNdArrayDataFieldKey(dtype)).toThrow(
    expect.objectContaining({
      code: 'PVAFLOW_IMAGE_TYPE',
      message: expect.stringContaining('there are boolean, int8') as string,
    }) as Error,
  );
});
