import type { FileHandle } from 'node:fs/promises';

/** Writes all of it one behind the other from `position` on, as many calls as it takes. */
export async function writeAll(handle: FileHandle, data: readonly Uint8Array[], position: number): Promise<void> {
  let rest = data;
  let at = position;
  while (rest.length > 0) {
    const { bytesWritten } = await handle.writev(rest as Uint8Array[], at);
    at += bytesWritten;
    rest = behind(rest, bytesWritten);
  }
}

/** What is left when so many bytes are gone. */
function behind(data: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let gone = bytes;
  for (let i = 0; i < data.length; i++) {
    const { length } = data[i] as Uint8Array;
    if (gone < length) return [(data[i] as Uint8Array).subarray(gone), ...data.slice(i + 1)];
    gone -= length;
  }
  return [];
}
