import { writeFileSync } from 'node:fs';
import { getLogger } from '../core/logger.js';
import { messageOf } from '../core/errors.js';
import { isLossless, type FrameReport } from '../hpc/loss-report.js';
import { exitCodes } from './exit.js';

/**
 * Writes the loss report where the user wants it, or, if anything was lost, to a file of its own.
 *
 * @param label tells the file from those of other runs that began at the same time
 * @returns the name of the file, if one was written
 */
export function writeReport(report: FrameReport, wanted: string | undefined, label: string): string | undefined {
  if (wanted === undefined && isLossless(report)) return undefined;
  const name = `run-${report.startTime.slice(0, 19).replaceAll(':', '-')}-${label}`;
  const file = wanted ?? `${name}.json`;
  const text = `${JSON.stringify(report, null, 2)}\n`;
  try {
    if (wanted === undefined) return writeNew(name, text);
    writeFileSync(file, text);
    return file;
  } catch (error) {
    getLogger('consumer').error(`cannot write the loss report ${file}: ${messageOf(error)}`);
    process.exitCode = exitCodes.failed;
    return undefined;
  }
}

/** Writes a file of this name, or with a number after it when there is one already: two runs may begin in the same second. */
function writeNew(name: string, text: string): string {
  for (let number = 1; ; number++) {
    const file = number === 1 ? `${name}.json` : `${name}-${number}.json`;
    try {
      writeFileSync(file, text, { flag: 'wx' });
      return file;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
