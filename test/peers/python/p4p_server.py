"""A p4p server with channels of the normative types, an odd structure and a call."""

import sys

import numpy
from p4p import Type, Value
from p4p.nt import NTEnum, NTScalar, NTTable
from p4p.server import Server
from p4p.server.thread import SharedPV

prefix = sys.argv[1]


class Accept:
    """Takes what is put, and refuses a negative number."""

    def put(self, pv, op):
        value = op.value()
        raw = value.raw if hasattr(value, 'raw') else value
        number = raw.get('value')
        if isinstance(number, float) and number < 0:
            op.done(error='negative values are refused')
            return
        pv.post(value)
        op.done()


def channel(**keywords):
    return SharedPV(handler=Accept(), **keywords)


ODD = Type(
    [
        ('flag', '?'),
        ('bytes', 'ab'),
        ('big', 'L'),
        ('words', 'as'),
        ('inner', ('S', 'inner_t', [('x', 'd'), ('y', ('aS', 'point_t', [('a', 'i'), ('b', 'f')]))])),
        ('choice', ('U', 'choice_t', [('number', 'i'), ('text', 's')])),
        ('anything', 'v'),
    ],
    id='odd_t',
)


def odd():
    return Value(
        ODD,
        {
            'flag': True,
            'bytes': numpy.array([-128, 0, 127], dtype=numpy.int8),
            'big': 2**64 - 1,
            'words': ['one', '', 'drei'],
            'inner': {'x': 1.5, 'y': [{'a': 1, 'b': 0.5}, {'a': -2, 'b': -0.5}]},
            'choice': ('text', 'chosen'),
            'anything': 42.5,
        },
    )


class Add:
    """Adds the arguments lhs and rhs of an NTURI; fails when they are not there."""

    def rpc(self, pv, op):
        try:
            query = op.value().query
            op.done(NTScalar('d').wrap(float(query.lhs) + float(query.rhs)))
        except Exception as error:
            op.done(error=f'{type(error).__name__}: {error}')


table = NTTable([('name', 's'), ('count', 'l')])
channels = {
    'double': channel(nt=NTScalar('d', display=True), initial=1.5),
    'long': channel(nt=NTScalar('l'), initial=2**60),
    'string': channel(nt=NTScalar('s'), initial='hello'),
    'array': channel(nt=NTScalar('ad'), initial=numpy.array([1.0, 2.0, 3.0])),
    'enum': channel(nt=NTEnum(), initial={'index': 1, 'choices': ['off', 'on', 'broken']}),
    'table': channel(initial=table.wrap([{'name': 'a', 'count': 1}, {'name': 'b', 'count': 2}])),
    'odd': channel(initial=odd()),
    'add': SharedPV(handler=Add(), nt=NTScalar('d'), initial=0.0),
}

with Server(providers=[{prefix + name: pv for name, pv in channels.items()}]):
    print('READY', flush=True)
    sys.stdin.read()
