"""A pvaPy server with channels that are put to and a call."""

import sys

import pvaccess
from pvaccess import NtScalar, PvObject, PvaServer, RpcServer

prefix = sys.argv[1]
server = PvaServer()
server.addRecord(f'{prefix}double', NtScalar(pvaccess.DOUBLE, 1.5), None)
server.addRecord(f'{prefix}structure', PvObject({'i': pvaccess.INT, 'words': [pvaccess.STRING], 'inner': {'x': pvaccess.DOUBLE}}, {'i': 7, 'words': ['a', 'b'], 'inner': {'x': 2.5}}), None)


def upper(request):
    return PvObject({'answer': pvaccess.STRING}, {'answer': request['text'].upper()})


calls = RpcServer()
calls.registerService(f'{prefix}upper', upper)
calls.startListener()
print('READY', flush=True)
sys.stdin.read()
