"""Writes files of images into a folder, as programs in Python do; prints as JSON what is in each of them.

write_frames.py FOLDER
"""

import json
import os
import sys

import h5py
import hdf5plugin
import numpy as np
import tifffile
from PIL import Image

FOLDER = sys.argv[1]
TYPES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64']
written = []


def image(dtype, shape, seed=0):
    """Values over the whole range of a type, the last ones among them."""
    rng = np.random.default_rng(seed)
    size = int(np.prod(shape))
    if dtype.startswith('float'):
        values = rng.normal(size=size) * 10.0 ** rng.integers(-30, 30, size=size)
        values[: min(size, 4)] = [np.nan, np.inf, -0.0, 1.5][: min(size, 4)]
        return values.astype(dtype).reshape(shape)
    info = np.iinfo(dtype)
    values = rng.integers(info.min, info.max, size=size, dtype=dtype, endpoint=True)
    values[: min(size, 2)] = [info.min, info.max][: min(size, 2)]
    return values.reshape(shape)


def smooth(dtype, shape):
    """Values that compress."""
    return (np.indices(shape).sum(axis=0) % 100).astype(dtype)


def add(name, frames, **options):
    def native(frame):
        frame = np.ascontiguousarray(frame)
        return frame.astype(frame.dtype.newbyteorder('='))

    found = [native(frame) for frame in frames]
    seen = [{'dtype': frame.dtype.name, 'shape': frame.shape, 'hex': frame.tobytes().hex()} for frame in found]
    written.append({'file': name, 'frames': seen, **options})


def path(name):
    return os.path.join(FOLDER, name)


def tiff(name, data, frames=None, **options):
    tifffile.imwrite(path(name), data, **options)
    add(name, [data] if frames is None else frames)


def tiffs():
    for dtype in TYPES:
        for order in '<>':
            tiff(f'tiff_{dtype}_{"little" if order == "<" else "big"}.tif', image(dtype, (5, 7)), byteorder=order)
        tiff(f'tiff_{dtype}_rgb.tif', image(dtype, (5, 7, 3)), photometric='rgb')
        planes = image(dtype, (3, 5, 7))
        tiff(f'tiff_{dtype}_planes.tif', planes, [np.moveaxis(planes, 0, -1)], photometric='rgb', planarconfig='separate')
        stack = image(dtype, (3, 6, 4))
        tiff(f'tiff_{dtype}_stack.tif', stack, stack, photometric='minisblack')
        large = image(dtype, (37, 53))
        tiff(f'tiff_{dtype}_tiles.tif', large, tile=(16, 32))
        tiff(f'tiff_{dtype}_deflate.tif', large, compression='zlib', rowsperstrip=7)
        tiff(f'tiff_{dtype}_lzw_big.tif', smooth(dtype, (131, 97)), compression='lzw', byteorder='>')
        if not dtype.endswith('int64'):
            tiff(f'tiff_{dtype}_predictor.tif', smooth(dtype, (37, 53)), compression='zlib', predictor=True, byteorder='>')
        tiff(f'tiff_{dtype}_packbits.tif', smooth(dtype, (37, 53)), compression='packbits', tile=(16, 16))
    noise = image('uint16', (300, 200))
    tiff('tiff_lzw_noise.tif', noise, compression='lzw')
    tiff('tiff_lzw_predictor.tif', smooth('uint8', (60, 40, 3)), compression='lzw', predictor=True, photometric='rgb')
    tiff('tiff_bigtiff.tif', noise, bigtiff=True, rowsperstrip=11)
    tiff('tiff_planes_tiles.tif', planes_of(40, 33), [np.moveaxis(planes_of(40, 33), 0, -1)], photometric='rgb',
         planarconfig='separate', tile=(16, 16), compression='zlib')
    rgba = image('uint8', (5, 7, 4))
    tiff('tiff_rgba.tif', rgba, [rgba[:, :, :3]], photometric='rgb', extrasamples=['unassalpha'])
    with tifffile.TiffWriter(path('tiff_sizes.tif')) as file:
        pages = [image('uint16', (4, 5)), image('float32', (9, 2)), image('uint8', (3, 3, 3))]
        for page in pages:
            file.write(page, photometric='rgb' if page.ndim == 3 else 'minisblack')
    add('tiff_sizes.tif', pages)


def planes_of(ny, nx):
    return image('uint16', (3, ny, nx))


def pillow():
    grey = image('uint8', (13, 17))
    color = image('uint8', (13, 17, 3))
    deep = image('uint16', (13, 17))
    for compression in [None, 'tiff_lzw', 'tiff_adobe_deflate', 'packbits']:
        for kind, data in [('grey', grey), ('color', color), ('deep', deep)]:
            name = f'pillow_{kind}_{compression}.tiff'
            Image.fromarray(data).save(path(name), compression=compression)
            add(name, [data])
    for kind, data in [('grey', grey), ('color', color), ('deep', deep)]:
        Image.fromarray(data).save(path(f'png_{kind}.png'))
        add(f'png_{kind}.png', [data])
    alpha = image('uint8', (13, 17, 4))
    Image.fromarray(alpha).save(path('png_alpha.png'))
    add('png_alpha.png', [alpha[:, :, :3]])
    bits = Image.fromarray(grey > 127)
    bits.save(path('png_bits.png'))
    add('png_bits.png', [(grey > 127).astype('uint8')])
    bits.save(path('pillow_bits.tiff'), compression='packbits')
    add('pillow_bits.tiff', [(grey > 127).astype('uint8')])
    palette = Image.fromarray(color).quantize(16)
    palette.save(path('png_palette.png'))
    add('png_palette.png', [np.asarray(palette.convert('RGB'))])


def npy(name, data, frames, **options):
    np.save(path(name), data)
    add(name, frames, **options)


def npys():
    for dtype in TYPES:
        npy(f'npy_{dtype}.npy', image(dtype, (5, 7)), [image(dtype, (5, 7))])
        stack = image(dtype, (3, 5, 7))
        npy(f'npy_{dtype}_stack_big.npy', stack.astype(stack.dtype.newbyteorder('>')), stack)
    stack = image('uint16', (4, 5, 6))
    npy('npy_fortran.npy', np.asfortranarray(stack), stack)
    colors = image('uint8', (2, 5, 7, 3))
    npy('npy_colors.npy', colors, colors)
    npy('npy_color.npy', colors[0], [colors[0]])
    planes = image('uint8', (2, 3, 5, 7))
    npy('npy_planes.npy', planes, [np.moveaxis(frame, 0, -1) for frame in planes], colorMode=4)
    lines = image('uint8', (2, 5, 3, 7))
    npy('npy_lines.npy', lines, [np.moveaxis(frame, 1, -1) for frame in lines], colorMode=3)
    narrow = image('uint16', (4, 5, 3))
    npy('npy_narrow.npy', narrow, narrow, colorMode=0)
    npy('npy_5d.npy', image('int16', (2, 2, 2, 3, 4)), image('int16', (8, 3, 4)))
    version2 = image('uint16', (3, 4))
    with open(path('npy_version2.npy'), 'wb') as file:
        np.lib.format.write_array(file, version2, version=(2, 0))
    add('npy_version2.npy', [version2])


FILTERS = {
    'none': {},
    'gzip': {'compression': 'gzip'},
    'shuffle_gzip': {'compression': 'gzip', 'shuffle': True},
    'fletcher': {'compression': 'gzip', 'fletcher32': True},
    'lzf': {'compression': 'lzf'},
    'shuffle_lzf': {'compression': 'lzf', 'shuffle': True},
    'zstd': hdf5plugin.Zstd(),
    'shuffle_zstd': {'shuffle': True, **hdf5plugin.Zstd(clevel=19)},
    'bslz4': hdf5plugin.Bitshuffle(),
    'bslz4_blocks': hdf5plugin.Bitshuffle(nelems=512),
    'bszstd': hdf5plugin.Bitshuffle(cname='zstd'),
    'bszstd_blocks': hdf5plugin.Bitshuffle(nelems=512, cname='zstd', clevel=19),
    'lz4': hdf5plugin.LZ4(),
    'lz4_blocks': hdf5plugin.LZ4(nbytes=300),
    'blosc': hdf5plugin.Blosc(cname='lz4', shuffle=hdf5plugin.Blosc.BITSHUFFLE),
    'blosc_zlib': hdf5plugin.Blosc(cname='zlib'),
}


def hdf5(name, frames, dataset='data', libver='earliest', options=None, **settings):
    with h5py.File(path(name), 'w', libver=libver) as file:
        file.create_dataset(dataset, **settings)
    add(name, frames, **({} if options is None else options))


def hdf5s():
    for dtype in TYPES:
        stack = image(dtype, (3, 5, 7))
        hdf5(f'h5_{dtype}.h5', stack, data=stack)
        hdf5(f'h5_{dtype}_big.h5', stack, data=stack.astype(stack.dtype.newbyteorder('>')))
        for libver in ['earliest', 'latest']:
            values = smooth(dtype, (3, 30, 40))
            hdf5(f'h5_{dtype}_bslz4_{libver}.h5', values, libver=libver, data=values, chunks=(1, 30, 40), **hdf5plugin.Bitshuffle())
    big = smooth('uint16', (3, 30, 40))
    hdf5('h5_big_blosc.h5', big, data=big.astype('>u2'), chunks=(1, 30, 40), **hdf5plugin.Blosc())
    for libver in ['earliest', 'latest']:
        for name, settings in FILTERS.items():
            values = smooth('uint16', (5, 30, 40))
            for chunks in [(1, 30, 40), (2, 30, 40), (1, 7, 16), (2, 11, 40)]:
                label = 'x'.join(map(str, chunks))
                hdf5(f'h5_{libver}_{name}_{label}.h5', values, libver=libver, data=values, chunks=chunks, **settings)
        noise = image('uint16', (2, 30, 40))  # its chunks are not compressed: that would make them longer
        hdf5(f'h5_{libver}_lzf_noise.h5', noise, libver=libver, data=noise, chunks=(1, 30, 40), compression='lzf')
        grown = image('uint16', (300, 4, 5))
        hdf5(f'h5_{libver}_grown.h5', grown, libver=libver, data=grown, chunks=(1, 4, 5), maxshape=(None, 4, 5))
        packed = smooth('uint8', (150, 4, 5))
        hdf5(f'h5_{libver}_grown_gzip.h5', packed, libver=libver, data=packed, chunks=(1, 4, 5), maxshape=(None, 4, 5), compression='gzip')
        many = image('uint8', (1500, 2, 4))
        hdf5(f'h5_{libver}_many.h5', many, libver=libver, data=many, chunks=(1, 2, 4))
        single = image('int32', (6, 7))
        hdf5(f'h5_{libver}_single.h5', [single], libver=libver, data=single, chunks=(6, 7), compression='gzip')
        with h5py.File(path(f'h5_{libver}_sparse.h5'), 'w', libver=libver) as file:
            sparse = file.create_dataset('data', (4, 5, 6), 'int16', chunks=(1, 5, 6), fillvalue=-7, compression='gzip')
            sparse[2] = smooth('int16', (5, 6))
            add(f'h5_{libver}_sparse.h5', sparse[()])
        with h5py.File(path(f'h5_{libver}_links.h5'), 'w', libver=libver) as file:
            group = file.create_group('entry/data')
            stack = image('uint16', (2, 3, 4))
            group['data'] = stack
            file['entry/alias'] = group['data']
            file['soft'] = h5py.SoftLink('/entry/data/data')
            file['other'] = h5py.ExternalLink(f'h5_{libver}_single.h5', '/data')
            file['spectrum'] = np.arange(10)
            file['text'] = 'words'
            for i in range(3):
                file[f'attribute{i}'] = i
        add(f'h5_{libver}_links.h5', stack)
        for dataset in ['entry/data/data', '/entry/alias', 'soft']:
            add(f'h5_{libver}_links.h5', stack, dataset=dataset)
        add(f'h5_{libver}_links.h5', [single], dataset='other')
    colors = image('uint8', (2, 5, 7, 3))
    hdf5('h5_colors.h5', colors, data=colors, chunks=(1, 5, 7, 3), compression='gzip')
    compact = image('uint8', (3, 4))
    with h5py.File(path('h5_compact.h5'), 'w') as file:
        kind = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        kind.set_layout(h5py.h5d.COMPACT)
        h5py.h5d.create(file.id, b'data', h5py.h5t.NATIVE_UINT8, h5py.h5s.create_simple((3, 4)), kind).write(
            h5py.h5s.ALL, h5py.h5s.ALL, compact)
    add('h5_compact.h5', [compact])
    with h5py.File(path('h5_userblock.h5'), 'w', userblock_size=1024) as file:
        file['data'] = compact
    add('h5_userblock.h5', [compact])


os.makedirs(FOLDER, exist_ok=True)
for write in [tiffs, pillow, npys, hdf5s]:
    write()
print(json.dumps(written))
