"""A processor that does nothing but count: the bench asks for its count by a line on standard input."""

import json
import sys
import threading

from pvapy.hpc.userDataProcessor import UserDataProcessor


class Count(UserDataProcessor):
    def __init__(self, configDict={}):
        UserDataProcessor.__init__(self, configDict)
        self.received = 0
        self.asked = False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for _ in sys.stdin:
            self.asked = True

    def process(self, pvObject):
        self.received += 1
        if self.asked or self.received == 1:
            self.asked = False
            print(json.dumps({'received': self.received, 'id': pvObject['uniqueId']}, separators=(',', ':')), flush=True)
        return pvObject
