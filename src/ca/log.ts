import { getLogger } from '../core/logger.js';

const logger = getLogger('ca');
const QUIET_MS = 60_000;
const lastTime = new Map<string, number>();

/** Writes what the Channel Access library has to say, the same line at most once a minute. */
export function logCa(level: 'debug' | 'warn', text: string): void {
  const now = performance.now();
  for (const [line, time] of lastTime) if (now - time > QUIET_MS) lastTime.delete(line);
  if (lastTime.has(text)) return;
  lastTime.set(text, now);
  logger[level](text);
}
