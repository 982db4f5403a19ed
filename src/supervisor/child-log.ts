import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { getLogger, relayLog } from '../core/logger.js';
import type { Host } from './host.js';

/**
 * Logs what a child writes, line by line, marked with its name: what its loggers write as it is, anything else as a remark
 * (standard output) or a warning (standard error).
 */
export function logOutput(name: string, { stdout, stderr }: Host): void {
  const logger = getLogger(name);
  logLines(stdout, name, (line) => logger.info(line));
  logLines(stderr, name, (line) => logger.warn(line));
}

function logLines(stream: Readable | null, name: string, log: (line: string) => void): void {
  if (stream === null) return;
  createInterface({ input: stream }).on('line', (line) => {
    if (!relayLog(line, name)) log(line);
  });
}
