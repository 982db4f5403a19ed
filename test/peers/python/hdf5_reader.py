"""Reads HDF5 files. Each line of standard input is a request, {"command": ..., "files": [...]}; the answer is one line of
JSON: for each file, what h5py finds in it, or silx shows."""

import json
import sys

import h5py
import hdf5plugin  # noqa: F401: its filters
import numpy as np


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value]
    if isinstance(value, bytes):
        return value.decode()
    return value.item() if isinstance(value, np.generic) else value


def attributes(item):
    return {name: plain(value) for name, value in item.attrs.items()}


def dataset(item):
    values = item[()]
    found = {
        "dtype": values.dtype.name,
        "shape": list(values.shape),
        "chunks": item.chunks and list(item.chunks),
        "filters": list(item._filters),
        "attributes": attributes(item),
    }
    if values.dtype.kind == "S":
        return {**found, "values": [text.decode() for text in values]}
    return {**found, "hex": values.tobytes().hex()}


def walk(path, item, found):
    if isinstance(item, h5py.Dataset):
        found[path] = dataset(item)
        return
    found[path] = {"attributes": attributes(item)}
    for name in item:
        walk(f"{path}/{name}".lstrip("/"), item[name], found)


def read(name):
    found = {}
    with h5py.File(name) as file:
        walk("", file, found)
    return found


def signal(name):
    """What silx shows of a file."""
    import silx.io
    from silx.io.nxdata import get_default

    with silx.io.open(name) as file:
        data = get_default(file)
        return {"isValid": data.is_valid, "shape": list(data.signal.shape), "axes": list(data.axes_names)}


for line in sys.stdin:
    request = json.loads(line)
    reader = {"read": read, "silx": signal}[request["command"]]
    print(json.dumps([reader(name) for name in request["files"]]), flush=True)
