/** Names of the types whose numbers are shown with the digits of a 32-bit float. */
const isFloat = (type: string) => type.startsWith('float');

/** Text without blanks, quotes, backslashes and control characters stands as it is; other text in quotes. */
function quoteIfNeeded(text: string): string {
  return /^[^\s"'\\\p{Cc}]*$/u.test(text) ? text : `"${escapeText(text)}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
};

function escapeText(text: string): string {
  return text.replace(/["'\\\p{Cc}]/gu, (c) => ESCAPES[c] ?? `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** The fewest digits that give the same 32-bit float again. */
function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return numberText(rounded);
  }
  return numberText(Number(value.toPrecision(9)));
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? '-0' : String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** One scalar of a pvAccess type. Unlike pvget, which rounds to six digits, all digits are shown. */
export function formatScalar(value: unknown, type: string): string {
  if (typeof value === 'string') return quoteIfNeeded(value);
  if (typeof value === 'number') return isFloat(type) && Number.isFinite(value) ? floatText(value) : numberText(value);
  return String(value);
}

/** `[1,2,3]`, as pvget prints arrays; with a limit, the rest as `...`. */
export function formatArray(
  values: Iterable<unknown> & { readonly length: number },
  type: string,
  limit = Infinity,
): string {
  const shown: string[] = [];
  for (const value of values) {
    if (shown.length >= limit) {
      shown.push('...');
      break;
    }
    shown.push(formatScalar(value, type));
  }
  return `[${shown.join(',')}]`;
}

/** Local time with milliseconds and a blank after it, 24 characters wide, as EPICS tools print it; the tag if there is one. */
export function formatTime(seconds: bigint, nanoseconds: number, userTag: number | bigint = 0): string {
  const date = new Date(Number(seconds) * 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const milliseconds = String(Math.floor(nanoseconds / 1e6)).padStart(3, '0');
  const tag = Number(userTag) === 0 ? '' : `${userTag} `;
  return `${`${day} ${time}.${milliseconds}`.padEnd(24)} ${tag}`;
}

/** `(1) ON`, and `(7) <undefined>` when there is no such choice. */
export function formatChoice(index: number, choices: readonly string[]): string {
  const choice = choices[index];
  return `(${index}) ${choice === undefined ? '<undefined>' : quoteIfNeeded(choice)}`;
}
