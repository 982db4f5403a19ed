"""Looks at the ends of a TIFF file that is too large to be read."""

import json
import sys

import tifffile

with tifffile.TiffFile(sys.argv[1]) as file:
    is_big = file.is_bigtiff
pixels = tifffile.memmap(sys.argv[1], mode='r')
print(json.dumps({
    'isBig': is_big,
    'shape': list(pixels.shape),
    'dtype': str(pixels.dtype),
    'first': pixels[0, :3].tolist(),
    'last': pixels[-1, -3:].tolist(),
}))
