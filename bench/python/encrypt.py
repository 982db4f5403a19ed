"""pvaPy's encryption of images, with a count: the bench asks for it by a line on standard input."""

import json
import sys
import threading

from pvapy.hpc.adImageDataEncryptor import AdImageDataEncryptor


class Encrypt(AdImageDataEncryptor):
    def __init__(self, configDict={}):
        AdImageDataEncryptor.__init__(self, configDict)
        self.asked = False
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for _ in sys.stdin:
            self.asked = True

    def process(self, pvObject):
        if not pvObject['dimension']:
            return pvObject
        encrypted = AdImageDataEncryptor.process(self, pvObject)
        if self.asked or self.nEncrypted == 1:
            self.asked = False
            count = {'received': self.nEncrypted, 'id': pvObject['uniqueId']}
            print(json.dumps(count, separators=(',', ':')), flush=True)
        return encrypted
