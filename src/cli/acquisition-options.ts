import { InvalidArgumentError, type Command } from 'commander';
import { messageOf } from '../core/errors.js';
import { parseEndOfAcquisition, type EndOfAcquisition } from '../hpc/acquisitions/end-of-acquisition.js';

export interface AcquisitionCliOptions {
  endOfAcquisition?: EndOfAcquisition;
}

export function addAcquisitionOption(command: Command): void {
  command.option(
    '--end-of-acquisition <how>',
    'how the last frame is known: attribute=NAME, or count=N frames; told on the status channel and to the next consumer',
    endOfAcquisition,
  );
}

function endOfAcquisition(text: string): EndOfAcquisition {
  try {
    return parseEndOfAcquisition(text);
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error));
  }
}
