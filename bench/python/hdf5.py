"""h5py writing frames of 1024^2 uint16 or 512^2 uint8 with ids and times, one by one: hdf5.py SIZE COMPRESSION FOLDER COUNT. Prints frames/s."""

import os
import sys
import time

import h5py
import hdf5plugin
import numpy as np

size, compression, folder, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
pattern = np.arange(size * size, dtype=np.uint32)
noise = (((pattern * 2654435761) >> np.uint32(16)) & np.uint32(15)).astype("u1" if size == 512 else "u2")
frames = [(noise + i).astype(noise.dtype).reshape(size, size) for i in range(8)]
options = {"bslz4": hdf5plugin.Bitshuffle(cname="lz4")}.get(compression, {})
path = os.path.join(folder, "peer.h5")
start = time.perf_counter()
with h5py.File(path, "w") as file:
    images = file.create_dataset("images", (count, size, size), chunks=(1, size, size), dtype=noise.dtype, **options)
    ids = file.create_dataset("uniqueId", (count,), dtype="i4")
    times = file.create_dataset("timeStamp", (count,), dtype="i8")
    for i in range(count):
        images[i] = frames[i % 8]
        ids[i] = i
        times[i] = i
elapsed = time.perf_counter() - start
os.unlink(path)
print(count / elapsed)
