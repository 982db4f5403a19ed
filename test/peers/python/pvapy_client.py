"""A pvaPy client that a test drives line by line."""

import threading

import pvaccess

import agent

TIMEOUT = 20.0
channels = {}


def channel(name):
    if name not in channels:
        channels[name] = pvaccess.Channel(name)
        channels[name].setTimeout(TIMEOUT)
    return channels[name]


def get(name, request='field()'):
    return channel(name).get(request).toDict()


def put(name, value):
    """Puts as a user of pvaPy does: a number or text as it is, a structure of text fields as a PvObject."""
    if isinstance(value, dict):
        value = pvaccess.PvObject({field: pvaccess.STRING for field in value}, value)
    channel(name).put(value)


def rpc(name, arguments):
    request = pvaccess.PvObject({key: pvaccess.STRING for key in arguments}, arguments)
    return pvaccess.RpcClient(name).invoke(request).toDict()


class Monitor:
    """Collects what a monitor delivers; images are kept as their id, size and sum."""

    def __init__(self, name, request):
        self.events = []
        self.changed = threading.Condition()
        self.channel = pvaccess.Channel(name)
        self.channel.monitor(self.on_update, request)

    def on_update(self, update):
        with self.changed:
            self.events.append(self.summary(update))
            self.changed.notify_all()

    @staticmethod
    def summary(update):
        if 'uniqueId' not in update:
            return update.toDict()
        (pixels,) = update['value'][0].values() if update['value'][0] else ((),)
        return {'uniqueId': update['uniqueId'], 'size': len(pixels), 'sum': int(sum(int(pixel) for pixel in pixels))}

    def wait(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: len(self.events) >= count, TIMEOUT):
                raise TimeoutError(f'{len(self.events)} of {count} updates came')
            return list(self.events)


monitors = {}


def monitor(name, request='field()'):
    monitors[name] = Monitor(name, request)


def events(name, count):
    return monitors[name].wait(count)


agent.serve({'get': get, 'put': put, 'rpc': rpc, 'monitor': monitor, 'events': events})
for remaining in monitors.values():
    remaining.channel.stopMonitor()
