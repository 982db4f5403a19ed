"""Times the codecs of Python's packages on a file of pixels, on one thread, and prints MB/s as JSON."""

import json
import sys
import time
import zlib

import bitshuffle
import blosc
import imagecodecs
import lz4.block
import numpy

file, rounds, wanted = sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3])
pixels = numpy.fromfile(file, 'uint16')
data = pixels.tobytes()
blosc.set_nthreads(1)
SHUFFLES = {'none': 0, 'byte': 1, 'bit': 2}


def functions(codec, level=None, compressor=None, shuffle=None):
    if codec == 'zlib':
        return lambda: zlib.compress(data, level), zlib.decompress
    if codec == 'lz4':
        return (
            lambda: lz4.block.compress(data, store_size=False),
            lambda packed: lz4.block.decompress(packed, uncompressed_size=len(data)),
        )
    if codec == 'lz4hdf5':
        return lambda: imagecodecs.lz4h5_encode(data), imagecodecs.lz4h5_decode
    if codec == 'bslz4':
        return (
            lambda: bitshuffle.compress_lz4(pixels, 0),
            lambda packed: bitshuffle.decompress_lz4(packed, pixels.shape, pixels.dtype, 0),
        )
    if compressor == 'snappy':
        return (
            lambda: imagecodecs.blosc_encode(pixels, 5, compressor='snappy', shuffle=SHUFFLES[shuffle], numthreads=1),
            lambda packed: imagecodecs.blosc_decode(packed, numthreads=1),
        )
    return (
        lambda: blosc.compress(data, typesize=2, clevel=5, shuffle=SHUFFLES[shuffle], cname=compressor),
        blosc.decompress,
    )


def rate(function):
    started = time.perf_counter()
    for _ in range(rounds):
        function()
    return rounds * len(data) / (time.perf_counter() - started) / 1e6


def measured(settings):
    encode, decode = functions(**settings)
    packed = encode()
    return {'encode': rate(encode), 'decode': rate(lambda: decode(packed)), 'bytes': len(packed)}


print(json.dumps([measured(settings) for settings in wanted]))
