/**
 * A value's data as JSON can hold it:
 * - 64-bit integers are numbers where a number is exact (up to ±2^53 - 1), else strings of digits;
 * - NaN, Infinity and -Infinity are the strings "NaN", "Infinity" and "-Infinity";
 * - arrays of numbers are plain arrays; structures are objects; unions and `any` are their data, or null.
 */
export function toJsonData(data: unknown): unknown {
  if (typeof data === 'bigint') return bigintToJson(data);
  if (typeof data === 'number') return Number.isFinite(data) ? data : String(data);
  if (Array.isArray(data)) return data.map(toJsonData);
  if (ArrayBuffer.isView(data)) return Array.from(data as unknown as Iterable<number | bigint>, toJsonData);
  if (typeof data === 'object' && data !== null) {
    return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, toJsonData(value)]));
  }
  return data;
}

function bigintToJson(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}
