"""Does to images with NumPy what the image processors do, in integers of any length where these are added."""

import base64
from fractions import Fraction
from math import floor

import numpy as np

import agent

TURNS = {
    'none': lambda a: a,
    'rotate90': lambda a: np.rot90(a, -1),
    'rotate180': lambda a: np.rot90(a, 2),
    'rotate270': lambda a: np.rot90(a, 1),
    'mirror': np.fliplr,
    'rotate90Mirror': lambda a: np.fliplr(np.rot90(a, -1)),
    'rotate180Mirror': lambda a: np.fliplr(np.rot90(a, 2)),
    'rotate270Mirror': lambda a: np.fliplr(np.rot90(a, 1)),
    'transpose': lambda a: np.swapaxes(a, 0, 1),
    'flip': np.flipud,
}
WEIGHTS = {'mean': (1, 1, 1), 'bt601': (299, 587, 114), 'bt709': (2126, 7152, 722)}


def transform(a, transform):
    return TURNS[transform](a)


def crop(a, offsetX, offsetY, sizeX, sizeY):
    return a[offsetY : offsetY + sizeY, offsetX : offsetX + sizeX]


def subsample(a, stepX, stepY):
    return a[::stepY, ::stepX]


def rounded(value, divisor):
    """The quotient to the nearest, halves up."""
    if isinstance(value, int):
        return (2 * value + divisor) // (2 * divisor)
    return floor(Fraction(value) / divisor + Fraction(1, 2))


def bin(a, binX, binY, method, outputType):
    rows, columns = a.shape[0] // binY, a.shape[1] // binX
    cut = a[: rows * binY, : columns * binX].astype(object)
    sums = cut.reshape(rows, binY, columns, binX, *a.shape[2:]).sum(axis=(1, 3))
    divisor = binX * binY if method == 'mean' else 1
    result = np.empty(sums.shape, outputType)
    info = np.iinfo(outputType) if result.dtype.kind in 'iu' else None
    changed = 0
    for at in np.ndindex(sums.shape):
        if info is None:
            result[at] = sums[at] / divisor
            continue
        value = rounded(sums[at], divisor)
        held = min(max(value, info.min), info.max)
        changed += held != value
        result[at] = held
    return result, changed


def color(a, colorMode, luminance):
    if a.ndim == 2:
        return a if colorMode == 'Mono' else np.stack([a, a, a], axis=2)
    if colorMode != 'Mono':
        return a
    weights = WEIGHTS[luminance]
    sums = sum(a[:, :, i].astype(object) * weights[i] for i in range(3))
    if a.dtype.kind not in 'iu':
        return (sums / sum(weights)).astype(a.dtype)
    return np.vectorize(lambda value: rounded(value, sum(weights)), otypes=[a.dtype])(sums)


OPERATIONS = {'transform': transform, 'crop': crop, 'subsample': subsample, 'bin': bin, 'color': color}


def operate(operation, data, dtype, shape, options):
    image = np.frombuffer(base64.b64decode(data), dtype).reshape(shape)
    made = OPERATIONS[operation](image, **options)
    made, changed = made if isinstance(made, tuple) else (made, 0)
    pixels = base64.b64encode(np.ascontiguousarray(made).tobytes()).decode()
    return {'dtype': str(made.dtype), 'shape': list(made.shape), 'data': pixels, 'changed': int(changed)}


agent.serve({'operate': operate})
