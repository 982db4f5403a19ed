"""Encodes and decodes by the packages of Python, and makes images of pvaPy of compressed data and the other way round."""

import base64
import zlib

import bitshuffle
import blosc
import imagecodecs
import lz4.block
import numpy
import pvaccess
from pvapy.utility.adImageUtility import AdImageUtility

import agent

SHUFFLES = {'none': 0, 'byte': 1, 'bit': 2}
LEVELS = {'zlib': 6, 'blosc': 5}


def encoded(codec, data, dtype, level=None, compressor='blosclz', shuffle='byte', blockSize=0, threads=1):
    size = numpy.dtype(dtype).itemsize
    level = LEVELS.get(codec) if level is None else level
    if codec == 'zlib':
        return zlib.compress(data, level)
    if codec == 'lz4':
        return lz4.block.compress(data, store_size=False)
    if codec == 'lz4hdf5':
        return imagecodecs.lz4h5_encode(data, blocksize=blockSize or None)
    if codec == 'bslz4':
        return bitshuffle.compress_lz4(numpy.frombuffer(data, dtype), 0).tobytes()
    if compressor == 'snappy':
        pixels = numpy.frombuffer(data, dtype)  # of bytes it would not know the size of an element
        return imagecodecs.blosc_encode(pixels, level, compressor='snappy', shuffle=SHUFFLES[shuffle])
    return blosc.compress(data, typesize=size, clevel=level, shuffle=SHUFFLES[shuffle], cname=compressor)


def decoded(codec, data, dtype, size, compressor=None):
    if codec == 'zlib':
        return zlib.decompress(data)
    if codec == 'lz4':
        return lz4.block.decompress(data, uncompressed_size=size)
    if codec == 'lz4hdf5':
        return imagecodecs.lz4h5_decode(data)
    if codec == 'bslz4':
        shape = (size // numpy.dtype(dtype).itemsize,)
        return bitshuffle.decompress_lz4(numpy.frombuffer(data, 'uint8'), shape, numpy.dtype(dtype), 0).tobytes()
    if compressor == 'snappy':
        return imagecodecs.blosc_decode(data)
    return blosc.decompress(data)


def encode(data, **settings):
    return base64.b64encode(encoded(data=base64.b64decode(data), **settings)).decode()


def decode(data, **settings):
    return base64.b64encode(decoded(data=base64.b64decode(data), **settings)).decode()


def jpeg_encode(data, shape):
    pixels = numpy.frombuffer(base64.b64decode(data), 'uint8').reshape(shape)
    return base64.b64encode(imagecodecs.jpeg8_encode(pixels, level=85)).decode()


def jpeg_decode(data):
    pixels = imagecodecs.jpeg8_decode(base64.b64decode(data))
    return {'shape': pixels.shape, 'data': base64.b64encode(pixels.tobytes()).decode()}


def write_hdf5(file, data, dtype, shape):
    """A dataset of images, each a chunk that bitshuffle and LZ4 compressed as HDF5's filter does."""
    import bitshuffle.h5
    import h5py

    pixels = numpy.frombuffer(base64.b64decode(data), dtype).reshape(shape)
    options = {'compression': bitshuffle.h5.H5FILTER, 'compression_opts': (0, bitshuffle.h5.H5_COMPRESS_LZ4)}
    with h5py.File(file, 'w') as target:
        target.create_dataset('images', data=pixels, chunks=(1, *shape[1:]), **options)


def serve(channels):
    """Serves an image of pvaPy for each entry of `channels`: its name, type, size, and settings of the codec."""
    for name, dtype, nx, ny, settings in channels:
        pixels = numpy.arange(nx * ny).astype(dtype)
        data = numpy.frombuffer(encoded(data=pixels.tobytes(), dtype=dtype, **settings), 'uint8')
        frame = AdImageUtility.generateNtNdArray2D(7, data, nx, ny, dtype, settings['codec'])
        server.addRecord(name, frame, None)


def see(name):
    """What pvaPy sees of an image that somebody serves."""
    channel = pvaccess.Channel(name)
    channel.setTimeout(20.0)
    _, pixels, nx, ny, _, _, _ = AdImageUtility.reshapeNtNdArray(pvaccess.NtNdArray(channel.get('field()')))
    return {'dtype': str(pixels.dtype), 'nx': nx, 'ny': ny, 'data': base64.b64encode(pixels.tobytes()).decode()}


server = pvaccess.PvaServer()
agent.serve(
    {
        'encode': encode,
        'decode': decode,
        'jpeg_encode': jpeg_encode,
        'jpeg_decode': jpeg_decode,
        'write_hdf5': write_hdf5,
        'serve': serve,
        'see': see,
    }
)
