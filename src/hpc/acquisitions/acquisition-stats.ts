import { plural } from '../../core/figures.js';

/** What became of the acquisition that runs, or of the one before, at this moment. */
export interface AcquisitionStats {
  /** 1 for the first; 0 when there was none yet. */
  nAcquisitions: number;
  isComplete: boolean;
  /** `acquisition complete, 1000 frames`, or what is going on. */
  message: string;
  nReceived: number;
  nMissed: number;
  /** Those that went through all processors, or were filtered. */
  nProcessed: number;
  nFailed: number;
  nRejected: number;
  nPublished: number;
  firstId: number;
  lastId: number;
  /** Seconds since 1970; 0 for what has not happened. */
  startTime: number;
  endTime: number;
  /** Whether a frame failed or was rejected, or what was made of the frames was lost afterwards. */
  isFailed: boolean;
}

export type Fate = 'nProcessed' | 'nFailed' | 'nRejected';

/** Of the acquisition with this number, before its first frame. */
export function emptyStats(nAcquisitions: number): AcquisitionStats {
  return {
    nAcquisitions,
    isComplete: false,
    message: 'no acquisition',
    nReceived: 0,
    nMissed: 0,
    nProcessed: 0,
    nFailed: 0,
    nRejected: 0,
    nPublished: 0,
    firstId: 0,
    lastId: 0,
    startTime: 0,
    endTime: 0,
    isFailed: false,
  };
}

/** What is said while frames come. */
export function runningMessage({ nReceived }: AcquisitionStats): string {
  return `acquisition of ${nReceived} ${plural(nReceived, 'frame')} so far`;
}

/** @param problem why what was made of the frames could not be finished, if it could not */
export function completeMessage(
  { nReceived, nFailed, nRejected }: AcquisitionStats,
  problem: string | undefined,
): string {
  const nLost = nFailed + nRejected;
  const lost = nLost > 0 ? `, ${nLost} of them not processed` : '';
  return `acquisition complete, ${nReceived} ${plural(nReceived, 'frame')}${lost}${problem === undefined ? '' : `; ${problem}`}`;
}
