"""A p4p client that a test drives line by line."""

import threading
import zlib

from p4p.client.thread import Context, Disconnected
from p4p.nt import NTURI

import agent
import p4p_values

TIMEOUT = 20.0
context = Context('pva', nt=False)
monitors = {}


def described(value):
    """The type of a value as nested lists: order and names of fields, and type codes."""
    return agent.plain(value.type().aspy())


def get(name, request=None):
    value = context.get(name, request=request, timeout=TIMEOUT)
    return {'id': value.getID(), 'value': value.todict(), 'changed': sorted(value.changedSet()), 'text': str(value)}


def introspect(name):
    return described(context.get(name, timeout=TIMEOUT))


def put(name, value, request=None, get=True, timeout=TIMEOUT):
    context.put(name, value, request=request, timeout=timeout, get=get)


def rpc(name, arguments):
    uri = NTURI([(key, 'd' if isinstance(item, float) else 'l' if isinstance(item, int) else 's') for key, item in arguments.items()])
    answer = context.rpc(name, uri.wrap(name, kws=arguments), timeout=TIMEOUT)
    return None if answer is None else answer.todict()


class Monitor:
    """Collects what a subscription delivers; images are kept as their id, size, sum and CRC. While held it takes nothing."""

    def __init__(self, name, request):
        self.events = []
        self.changed = threading.Condition()
        self.open = threading.Event()
        self.open.set()
        self.subscription = context.monitor(name, self.on_event, request=request, notify_disconnect=True)

    def on_event(self, event):
        if isinstance(event, Disconnected) and not self.events:
            return  # not connected yet
        self.open.wait()
        with self.changed:
            self.events.append(self.summary(event))
            self.changed.notify_all()

    @staticmethod
    def summary(event):
        if isinstance(event, Disconnected):
            return {'type': 'disconnected'}
        if isinstance(event, Exception):
            return {'type': 'error', 'message': str(event)}
        if event.getID().startswith('epics:nt/NTNDArray:'):
            pixels = event.value
            size = 0 if pixels is None else len(pixels)
            return {
                'type': 'frame',
                'uniqueId': event.uniqueId,
                'dtype': str(pixels.dtype) if size else None,
                'size': size,
                'sum': int(pixels.sum()) if size else 0,
                'crc': zlib.crc32(pixels.tobytes()) if size else 0,
            }
        return {'type': 'update', 'value': event.todict(), 'changed': sorted(event.changedSet())}

    def wait(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.events) >= count, TIMEOUT):
                raise TimeoutError(f'{len(self.events)} of {count} events came: {self.events[-3:]}')
            return list(self.events)


def monitor(name, request=None):
    monitors[name] = Monitor(name, request)


def events(name, count):
    return monitors[name].wait(count)


def hold(name):
    monitors[name].open.clear()


def resume(name):
    monitors[name].open.set()


def stop_monitor(name):
    monitors.pop(name).subscription.close()


agent.serve(
    {
        'get': get,
        'introspect': introspect,
        'put': put,
        'rpc': rpc,
        'read': lambda name: p4p_values.read(context, name),
        'echo': lambda name: p4p_values.echo(context, name),
        'monitor': monitor,
        'events': events,
        'hold': hold,
        'resume': resume,
        'stop_monitor': stop_monitor,
    }
)
for remaining in monitors.values():
    remaining.subscription.close()
context.close()
