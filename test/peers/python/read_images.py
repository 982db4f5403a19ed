"""Reads image files: paths come as a JSON list on standard input; answers go out as a JSON list of what each reader saw.

`tiff`: tifffile. `pillow`: Pillow, or why it could not. `npy`: numpy. The bytes are those of the array in C order, in hexadecimal.
"""

import json
import sys

import numpy
import tifffile
from PIL import Image


def seen(array):
    return {'dtype': str(array.dtype), 'shape': list(array.shape), 'bytes': numpy.ascontiguousarray(array).tobytes().hex()}


def pillow(path):
    try:
        with Image.open(path) as image:
            return {'mode': image.mode, **seen(numpy.asarray(image))}
    except Exception as error:
        return {'error': f'{type(error).__name__}: {error}'}


def read(path):
    if path.endswith('.npy'):
        return {'npy': seen(numpy.load(path))}
    if path.endswith('.tiff'):
        return {'tiff': seen(tifffile.imread(path)), 'pillow': pillow(path)}
    return {'pillow': pillow(path)}


print(json.dumps([read(path) for path in json.load(sys.stdin)]))
