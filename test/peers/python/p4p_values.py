"""Values of any type, told exactly."""

import struct

import numpy
from p4p.wrapper import Value

TIMEOUT = 20.0


def exact(value):
    """As agent.plain(), with the bits of real numbers: JSON has no NaN and no infinity."""
    if isinstance(value, Value):
        value = value.todict()
    if isinstance(value, dict):
        return {key: exact(item) for key, item in value.items()}
    if isinstance(value, numpy.ndarray):
        return [exact(item) for item in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [exact(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, float):
        return {'real': struct.pack('>d', value).hex() if value == value else 'nan'}
    return {'integer': str(value)}


def read(context, name):
    """Reads a channel and tells what is in it."""
    value = context.get(name, timeout=TIMEOUT)
    return {'id': value.getID(), 'value': exact(value)}


def echo(context, name):
    """Reads a channel, sends the value back as the argument of a call, and tells what was answered."""
    value = context.get(name, timeout=TIMEOUT)
    return {'id': value.getID(), 'value': exact(context.rpc(name, value, timeout=TIMEOUT))}
