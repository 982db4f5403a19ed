"""pvaPy's processor that writes HDF5 files; the bench asks how many frames by a line on standard input."""

import json
import sys
import threading

from pvapy.hpc.hdf5AdImageWriter import Hdf5AdImageWriter


class Write(Hdf5AdImageWriter):
    def __init__(self, configDict={}):
        Hdf5AdImageWriter.__init__(self, configDict)
        self.asked = True
        self.nWritten = 0
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for _ in sys.stdin:
            self.asked = True

    def process(self, pvObject):
        if not pvObject['dimension']:
            return pvObject
        Hdf5AdImageWriter.process(self, pvObject)
        self.nWritten += 1
        if self.asked:
            self.asked = False
            count = {'received': self.nWritten, 'id': pvObject['uniqueId']}
            print(json.dumps(count, separators=(',', ':')), flush=True)
        return pvObject
