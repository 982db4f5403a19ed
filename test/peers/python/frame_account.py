"""A processor of pvaPy that tells what it received: counts, ids and a checksum of the pixels."""

import pvaccess
from pvapy.hpc.adImageProcessor import AdImageProcessor


class FrameAccount(AdImageProcessor):
    def __init__(self, configDict={}):
        AdImageProcessor.__init__(self, configDict)
        self.resetStats()

    def process(self, frame):
        image_id, image, *_ = self.reshapeNtNdArray(frame)
        self.count += 1
        self.last = image_id
        self.total += int(image.sum()) if image is not None else 0
        self.shape = 'x'.join(str(size) for size in image.shape) if image is not None else ''
        self.updateOutputChannel(frame)
        return frame

    def resetStats(self):
        self.count, self.last, self.total, self.shape = 0, 0, 0, ''

    def getStats(self):
        return {'count': self.count, 'last': self.last, 'total': self.total, 'shape': self.shape}

    def getStatsPvaTypes(self):
        return {'count': pvaccess.UINT, 'last': pvaccess.UINT, 'total': pvaccess.ULONG, 'shape': pvaccess.STRING}
