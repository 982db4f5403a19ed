"""The loop of a scripted client: one JSON request on each line of standard input, one JSON answer on each line of output.

Bytes and arrays become what JSON can hold: arrays are {"dtype", "values"}, 64-bit integers are decimal strings with a tag.
"""

import json
import sys
import threading

import numpy

_lock = threading.Lock()
_SAFE = 2**53


def plain(value):
    """A value as JSON can hold it, without losing its kind."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, numpy.ndarray):
        return {'dtype': str(value.dtype), 'values': [plain(item) for item in value.tolist()]}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and abs(value) >= _SAFE:
        return {'long': str(value)}
    return value


def say(message):
    """Writes one line, whole, whichever thread calls."""
    with _lock:
        sys.stdout.write(json.dumps(plain(message)) + '\n')
        sys.stdout.flush()


def serve(commands):
    """Answers requests {id, command, args} by the functions of `commands` until standard input ends."""
    say({'ready': True})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            result = commands[request['command']](**request['args'])
            say({'id': request['id'], 'result': result})
        except Exception as error:  # what went wrong is the answer
            say({'id': request['id'], 'error': f'{type(error).__name__}: {error}'})
