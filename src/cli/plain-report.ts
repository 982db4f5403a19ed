/** The chosen parts of some statistics, one line each: `receiverStats nReceived=3 receivedRate=10.000`. */
export function reportLines(title: string, stats: object, parts: readonly string[]): string[] {
  const lines = (Object.entries(stats) as [string, object][])
    .filter(([name]) => parts.includes('all') || parts.includes(name.replace(/Stats(_\d+)?$/, '')))
    .map(([name, figures]) => [name, figureTexts(figures).join(' ')] as const)
    .filter(([, text]) => text !== '');
  return [`${new Date().toISOString()} ${title}`, ...lines.map(([name, text]) => `  ${name.padEnd(14)} ${text}`)];
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
