"""Times NumPy's expressions for the operations of image processors, and prints MB/s of pixels that went in, as JSON."""

import json
import sys
import time

import numpy as np

file, side, seconds, rows = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), json.loads(sys.argv[4])
noise = np.fromfile(file, 'uint8')


def image(dtype, isColor):
    shape = (side, side, 3) if isColor else (side, side)
    return np.resize(noise, shape).astype(dtype)


def rate(a, expression, setup):
    original, names = a.copy(), {'np': np, 'a': a}
    exec(setup, names)
    timed = eval(f'lambda: {expression}', names)
    timed()
    count, elapsed = 0, 0.0
    while elapsed < seconds:
        np.copyto(a, original)  # each image comes anew, as the frames of a stream do
        started = time.perf_counter()
        timed()
        elapsed += time.perf_counter() - started
        count += 1
    return count * a.nbytes / elapsed / 1e6


print(json.dumps([rate(image(row['dtype'], row['isColor']), row['numpy'], row['numpySetup']) for row in rows]))
