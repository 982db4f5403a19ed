// Writes frames with several writers until it is killed: node --import tsx writers.ts FOLDER COUNT. A line for each frame that is saved.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { getLogger } from '../../../src/core/logger.js';
import { compressions } from '../../../src/processor/hdf5/compression.js';
import { Hdf5Writer } from '../../../src/processor/hdf5/hdf5-writer.js';
import { patternFrame, writerOptions } from './frames.js';

const [, , folder = '', count = ''] = process.argv;

async function write(number: number): Promise<void> {
  const compression = compressions[number % compressions.length] ?? 'none';
  const outputDirectory = join(folder, String(number));
  const options = { ...writerOptions, outputDirectory, compression, nImagesPerFile: 40, flushInterval: 0.001 };
  const writer = new Hdf5Writer(options, number, getLogger('writers'));
  let told = 0;
  for (let id = 1; ; id++) {
    await writer.write(patternFrame(id, 20 + number, 33));
    const saved = writer.figures.nFramesSaved;
    if (saved > told) writeSync(1, `saved ${number} ${saved}\n`);
    told = saved;
  }
}

for (let number = 0; number < Number(count); number++) void write(number);
