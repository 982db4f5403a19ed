// Writes frames with several writers until it is killed: node --import tsx writers.ts FOLDER COUNT. A line for each frame that is saved.
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { getLogger } from '../../../src/core/logger.js';
import { WHOLE_IMAGES, type Chunking } from '../../../src/processor/hdf5/chunk-grid.js';
import { durabilities, existingFileRules } from '../../../src/core/files/whole-file.js';
import { compressions } from '../../../src/processor/hdf5/compression.js';
import { Hdf5Writer } from '../../../src/processor/hdf5/hdf5-writer.js';
import { patternFrame, writerOptions } from './frames.js';

const chunkings: readonly Chunking[] = [WHOLE_IMAGES, [7, 0, 0], [1, 16, 0], [3, 16, 20], [1, 16, 20]];

const [, , folder = '', count = ''] = process.argv;

async function write(number: number): Promise<void> {
  const compression = compressions[number % compressions.length] ?? 'none';
  const outputDirectory = join(folder, String(number));
  const chunking = chunkings[number % chunkings.length] ?? WHOLE_IMAGES;
  const several = compression === 'none' || chunking[0] === 1 ? chunking : WHOLE_IMAGES;
  const how = {
    compression,
    chunking: several,
    nImagesPerFile: 40,
    flushInterval: 0.001,
    durability: (number % 4 === 0 ? durabilities[number % durabilities.length] : undefined) ?? 'none',
    existingFiles: existingFileRules[number % existingFileRules.length] ?? 'number',
  };
  const options = { ...writerOptions, outputDirectory, ...how };
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
