"""Images of pvaPy: `serve PREFIX` serves one in each element type and colour mode, `read NAME ...` tells what it sees."""

import json
import sys

import numpy
import pvaccess
from pvapy.utility.adImageUtility import AdImageUtility

NX, NY = 4, 5
TYPES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64']


def image(dtype, mode):
    shape = (NY, NX) if mode == AdImageUtility.COLOR_MODE_MONO else (NY, NX, 3)
    return numpy.arange(numpy.prod(shape), dtype=dtype).reshape(shape)


def serve(prefix):
    server = pvaccess.PvaServer()
    for dtype in TYPES:
        for mode in AdImageUtility.COLOR_MODE_MAP:
            frame = AdImageUtility.generateNtNdArray(7, image(dtype, mode), colorMode=mode)
            server.addRecord(f'{prefix}{dtype}:{mode}', frame, None)
    server.start()
    print('READY', flush=True)
    sys.stdin.read()
    server.stop()


def seen(name):
    channel = pvaccess.Channel(name)
    channel.setTimeout(20.0)
    frame = channel.get('field()')
    image_id, pixels, nx, ny, nz, mode, key = AdImageUtility.reshapeNtNdArray(pvaccess.NtNdArray(frame))
    return {'imageId': image_id, 'image': pixels.tolist(), 'dtype': str(pixels.dtype), 'nx': nx, 'ny': ny, 'fieldKey': key}


if sys.argv[1] == 'serve':
    serve(sys.argv[2])
else:
    print(json.dumps([seen(name) for name in sys.argv[2:]]))
