import type { PvObject } from '../../pva/pv-object.js';
import { clockTime, grouped } from '../../core/figures.js';

/** The row of the consumer, from its status channel; undefined before its first status. */
function consumerText(status: PvObject | undefined): string {
  if (!status) return 'starting …';
  const frames = (name: string) => grouped(Number(status.get<bigint>(`frameStats.${name}`)));
  const rate = status.get<number>('processorStats.processedRate');
  return (
    `received  ${frames('nReceived')}   ${grouped(rate, 1)} fps   missed ${frames('nMissed')}   ` +
    `failed ${frames('nFailed')}   rejected ${frames('nRejected')}`
  );
}

/** What the demo shows besides the picture. */
export interface DemoFigures {
  readonly elapsedMs: number;
  /** The last report of the simulator, in its own words. */
  readonly simulator: string | undefined;
  readonly status: PvObject | undefined;
}

/** The table of rates and losses. */
export function figureLines({ elapsedMs, simulator, status }: DemoFigures): string[] {
  const published = status ? grouped(status.get<number>('publisherStats.nPublished')) : '0';
  return [
    `pvaflow demo   simulator → examples/1-basics/3-threshold.ts → output   ${clockTime(elapsedMs / 1000)}`,
    `  simulator   ${simulator ?? 'starting …'}`,
    `  consumer    ${consumerText(status)}`,
    `  output      published ${published}`,
  ];
}
