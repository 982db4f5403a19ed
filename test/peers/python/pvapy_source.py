"""A pvaPy server with one channel of frames, which a test posts line by line."""

import sys

from pvaccess import INT, UBYTE, PvObject, PvaServer, PvTimeStamp

import agent

name = sys.argv[1]
fields = {'uniqueId': INT, 'value': [UBYTE], 'timeStamp': PvTimeStamp().getStructureDict()}


def frame(number):
    return PvObject(fields, {'uniqueId': number, 'value': [number % 256] * 16, 'timeStamp': {'secondsPastEpoch': number}})


server = PvaServer(name, frame(0))


def post(first, last):
    """Frames with these ids, at once: clients need a queue for them."""
    for number in range(first, last + 1):
        server.update(name, frame(number))


agent.serve({'post': post})
