"""A p4p server with one channel of images, which a test posts one by one, as a detector that behaves oddly would."""

import sys

import numpy
from p4p.nt import NTNDArray, NTScalar
from p4p.server import Server
from p4p.server.thread import SharedPV

import agent

nt = NTNDArray()


def frame(number, dtype, shape, seconds):
    image = numpy.full(shape, number % 100, dtype=dtype)
    value = nt.wrap(image)
    value['uniqueId'] = number
    value['timeStamp'] = {'secondsPastEpoch': seconds, 'nanoseconds': 0}
    return value


pv = SharedPV(initial=frame(0, 'uint8', [1, 1], 0))


def post(ids, dtype='uint8', shape=(2, 2), seconds=1):
    """Images with these ids; each pixel is the id modulo 100. `seconds` may be a list, one for each."""
    for at, number in enumerate(ids):
        pv.post(frame(number, dtype, shape, seconds[at] if isinstance(seconds, list) else seconds))


def retype(number):
    """The channel has another type from now on: a number."""
    pv.close()
    pv.open(NTScalar('d').wrap(float(number)))


with Server(providers=[{sys.argv[1]: pv}]):
    agent.serve({'post': post, 'retype': retype})
