import type { ChannelStats } from '../hpc/channel-stats.js';

/** Statistics, some of which are those of several channels. */
export interface ReportedStats {
  readonly metadataStats: readonly ChannelStats[];
  readonly producerStats?: readonly ChannelStats[];
}

/** The chosen parts of some statistics, one line each: `receiverStats nReceived=3 receivedRate=10.000`. */
export function reportLines(title: string, stats: ReportedStats, parts: readonly string[]): string[] {
  const { metadataStats, producerStats = [], ...others } = stats;
  const ofChannels = [
    ...producerStats.map((each) => [`producerStats_${each.producerId}`, channelFigures(each)] as const),
    ...metadataStats.map((each, at) => [`metadataStats_${at + 1}`, channelFigures(each)] as const),
  ];
  const lines = [...Object.entries<object>(others), ...ofChannels]
    .filter(([name]) => parts.includes('all') || parts.includes(name.replace(/Stats(_\d+)?$/, '')))
    .map(([name, figures]) => [name, figureTexts(figures).join(' ')] as const)
    .filter(([, text]) => text !== '');
  return [`${new Date().toISOString()} ${title}`, ...lines.map(([name, text]) => `  ${name.padEnd(14)} ${text}`)];
}

function channelFigures({ receiverStats, queueStats, ...head }: ChannelStats): object {
  const { nDelivered, nQueued } = queueStats; // the others are those of the receiver
  return { ...head, ...receiverStats, nDelivered, nQueued };
}

/** Figures within figures get the names of both: `receiverStats.nReceived=3`. */
function figureTexts(figures: object, prefix = ''): string[] {
  return Object.entries(figures).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? figureTexts(value, `${prefix}${name}.`)
      : [`${prefix}${name}=${figureText(name, value)}`],
  );
}

function figureText(name: string, value: unknown): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return value.toFixed(name.endsWith('Time') ? 6 : 3);
}
