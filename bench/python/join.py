"""Joins frames with metadata as a user of pvaPy does, and counts those that got all of theirs.

For each frame: the head of each metadata queue is taken if its time is that of the frame within a tolerance, thrown away if
it is older, kept if it is newer. The bench asks for the count by a line on standard input.
"""

import json
import sys
import threading

import pvaccess as pva
from pvapy.hpc.adImageProcessor import AdImageProcessor
from pvapy.utility.timeUtility import TimeUtility

TOLERANCE = 0.001


class Join(AdImageProcessor):
    def __init__(self, configDict={}):
        AdImageProcessor.__init__(self, configDict)
        self.heads = {}
        self.joined = 0
        self.asked = True
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for _ in sys.stdin:
            self.asked = True

    def find(self, channel, queue, frameTime):
        while True:
            if channel not in self.heads:
                try:
                    self.heads[channel] = queue.get(0)
                except pva.QueueEmpty:
                    return None
            head = self.heads[channel]
            difference = frameTime - TimeUtility.getTimeStampAsFloat(head['timeStamp'])
            if abs(difference) <= TOLERANCE:
                return self.heads.pop(channel)['value']
            if difference < 0:
                return None
            del self.heads[channel]

    def process(self, pvObject):
        if not pvObject['dimension']:
            return pvObject
        frameTime = TimeUtility.getTimeStampAsFloat(pvObject['timeStamp'])
        attributes = pvObject['attribute'] if 'attribute' in pvObject else []
        complete = True
        for channel, queue in self.metadataQueueMap.items():
            value = self.find(channel, queue, frameTime)
            if value is None:
                complete = False
            else:
                attributes.append(pva.NtAttribute(channel, pva.PvFloat(value)))
        pvObject['attribute'] = attributes
        self.updateOutputChannel(pvObject)
        if complete:
            self.joined += 1
        if self.asked and self.joined:
            self.asked = False
            print(json.dumps({'received': self.joined, 'id': pvObject['uniqueId']}, separators=(',', ':')), flush=True)
        return pvObject
