"""pvaPy's processor that saves files; the bench asks how many by a line on standard input."""

import json
import sys
import threading

from pvapy.hpc.adOutputFileProcessor import AdOutputFileProcessor


class Save(AdOutputFileProcessor):
    def __init__(self, configDict={}):
        AdOutputFileProcessor.__init__(self, configDict)
        self.asked = True
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for _ in sys.stdin:
            self.asked = True

    def process(self, pvObject):
        AdOutputFileProcessor.process(self, pvObject)
        if self.asked and self.nFilesSaved:
            self.asked = False
            print(json.dumps({'received': self.nFilesSaved, 'id': pvObject['uniqueId']}, separators=(',', ':')), flush=True)
        return pvObject
