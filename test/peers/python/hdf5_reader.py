"""Reads HDF5 files. Each line of standard input is a request, {"command": ..., "files": [...]}; the answer is one line of
JSON: for each file, what h5py finds in it, or silx or NeXpy shows."""

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
        return {**found, "values": [text.decode() for text in values.ravel()]}
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


def nexus(name):
    """What NeXpy shows of a file, by the library that it stands on."""
    from nexusformat.nexus import nxload

    data = nxload(name).get_default()
    pixels = data.nxsignal.nxvalue
    return {"shape": list(pixels.shape), "axes": [axis.nxname for axis in data.nxaxes], "sum": int(pixels.sum())}


def pattern(names):
    """The ids of all frames in these files, one behind the other; each pixel must follow from its frame's id."""
    ids = []
    for name in names:
        with h5py.File(name) as file:
            images = file["images"][()]
            own = file["entry/instrument/detector/uniqueId"][()]
            assert (file["entry/instrument/detector/timeStamp"][()] == own).all()
            expected = 7 * own[:, None] + np.arange(np.prod(images.shape[1:], dtype=int))
            assert (images.reshape(expected.shape) == expected % 256).all(), name
            ids += own.tolist()
    return ids


def follow(name):
    """How many frames there are, as a reader sees it that has had the file open since it was asked first."""
    images = followed.setdefault(name, h5py.File(name, swmr=True)["images"])
    images.refresh()
    images[()]
    return len(images)


followed = {}
readers = {"read": read, "silx": signal, "nexus": nexus, "pattern": pattern, "follow": follow}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps([readers[request["command"]](name) for name in request["files"]]), flush=True)
