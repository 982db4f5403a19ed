"""pvaPy's decryption of images, with a count: the bench asks for it by a line on standard input."""

import json
import sys
import threading

from pvapy.hpc.dataDecryptor import DataDecryptor


class Decrypt(DataDecryptor):
    def __init__(self, configDict={}):
        DataDecryptor.__init__(self, configDict)
        self.asked = False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for _ in sys.stdin:
            self.asked = True

    def process(self, pvObject):
        if not pvObject['data']:
            return pvObject
        image = DataDecryptor.process(self, pvObject)
        if self.asked or self.nDecrypted == 1:
            self.asked = False
            count = {'received': self.nDecrypted, 'id': pvObject['objectId']}
            print(json.dumps(count, separators=(',', ':')), flush=True)
        return image
