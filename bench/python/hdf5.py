"""h5py writing frames of 1024^2 uint16 or 512^2 uint8 with ids and times, one by one.

hdf5.py SIZE COMPRESSION FOLDER COUNT COUNT_IN_A_FILE: prints frames/s, and ms of CPU time a frame.
"""

import os
import sys
import time

import h5py
import hdf5plugin
import numpy as np

size, compression, folder = int(sys.argv[1]), sys.argv[2], sys.argv[3]
count, each = int(sys.argv[4]), int(sys.argv[5])
pattern = np.arange(size * size, dtype=np.uint32)
noise = (((pattern * 2654435761) >> np.uint32(16)) & np.uint32(15)).astype("u1" if size == 512 else "u2")
frames = [(noise + i).astype(noise.dtype).reshape(size, size) for i in range(8)]
options = {"bslz4": hdf5plugin.Bitshuffle(cname="lz4")}.get(compression, {})


def write(path, first):
    with h5py.File(path, "w") as file:
        shape, chunks = (each, size, size), (1, size, size)
        images = file.create_dataset("images", shape, chunks=chunks, dtype=noise.dtype, **options)
        ids = file.create_dataset("uniqueId", (each,), dtype="i4")
        times = file.create_dataset("timeStamp", (each,), dtype="i8")
        for i in range(each):
            images[i] = frames[i % 8]
            ids[i] = first + i
            times[i] = first + i


start, cpu = time.perf_counter(), time.process_time()
for first in range(0, count, each):
    write(os.path.join(folder, f"peer{first:06}.h5"), first)
elapsed = time.perf_counter() - start
print(count / elapsed, (time.process_time() - cpu) / count * 1000)
