/** Sizes and times as people write them. */

const BYTES = /^(\d+(?:\.\d+)?) ?(?:([kKMGT])(i?))?B?$/;
const TIME = /^(\d+(?:\.\d+)?) ?(ms|s|min|h)?$/;
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60, h: 3600 };

/** Patterns of the texts below, for a JSON Schema. */
export const bytesPattern = BYTES;
export const timePattern = TIME;

/** `2GiB`, `512MiB`, `64kB` or plain bytes; undefined when it is none of these. */
export function parseBytes(text: string): number | undefined {
  const [, number, prefix, binary] = BYTES.exec(text.trim()) ?? [];
  if (number === undefined) return undefined;
  const power = prefix === undefined ? 0 : 'kMGT'.indexOf(prefix.replace('K', 'k')) + 1;
  return Math.floor(Number(number) * (binary === 'i' ? 1024 : 1000) ** power);
}

/** `500ms`, `5s`, `10min`, `2h` or plain seconds, in seconds; undefined when it is none of these. */
export function parseSeconds(text: string): number | undefined {
  const [, number, unit = 's'] = TIME.exec(text.trim()) ?? [];
  return number === undefined ? undefined : Number(number) * (SECONDS[unit] as number);
}

/** No timer waits longer than this many seconds, which are 24 days. */
export const MAX_SECONDS = 2_147_483;
