"""Saves one image of each type that pvaPy writes exactly into a folder, by pvaPy's own processor: FOLDER; values come as JSON."""

import json
import sys

import numpy
from pvapy.hpc.adOutputFileProcessor import AdOutputFileProcessor
from pvapy.utility.adImageUtility import AdImageUtility

for number, (dtype, values) in enumerate(json.load(sys.stdin), 1):
    processor = AdOutputFileProcessor({'outputDirectory': sys.argv[1]})
    processor.processorId = 3
    processor.process(AdImageUtility.generateNtNdArray2D(number, numpy.array(values, dtype=dtype)))
