"""pvaPy's area-detector simulator, with the frame rate set by lines on standard input while it runs.

Usage: simulator.py CHANNEL SIDE DTYPE [METADATA]. Everything that sends is pvaPy's own; 0 is as fast as it can.
"""

import sys
import time

from pvapy.cli.adSimServer import AdSimServer

channel, side, dtype = sys.argv[1], int(sys.argv[2]), sys.argv[3]
metadata = sys.argv[4] if len(sys.argv) > 4 else None
server = AdSimServer(inputDirectory=None, inputFile=None, mmapMode=False, hdfDataset=None, hdfCompressionMode=False,
                     cfgFile=None, frameRate=10, nFrames=16, cacheSize=16, nx=side, ny=side, colorMode=0,
                     datatype=dtype, minimum=None, maximum=None, runtime=1e9, channelName=channel, notifyPv=None,
                     notifyPvValue=None, metadataPv=metadata, startDelay=0.5, shutdownDelay=0, reportPeriod=0,
                     disableCurses=True)
server.start()
print('ready', flush=True)
for line in sys.stdin:
    rate = float(line)
    # The publisher aims at startTime + nPublishedFrames * deltaT: from now on at the new rate.
    deltaT = 1 / rate if rate > 0 else 0
    server.startTime = time.time() - server.nPublishedFrames * deltaT
    server.deltaT = deltaT
