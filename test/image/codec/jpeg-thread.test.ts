import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test, vi } from 'vitest';

/** What begins as a JPEG does. */
const bytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xd9);

describe.each([
  ['ends-its-thread.cjs', 'the thread that decodes JPEG gave no answer'],
  ['cannot-be-loaded.cjs', 'libvips is missing'],
])('an image that is decoded by %s', (file, message) => {
  beforeEach(() => {
    const path = fileURLToPath(new URL(`fixtures/${file}`, import.meta.url));
    vi.resetModules();
    vi.doMock('../../../src/image/codec/jpeg/sharp.js', () => ({ sharpPath: () => path }));
    return () => vi.doUnmock('../../../src/image/codec/jpeg/sharp.js');
  });

  test('is refused, and so is the next one', async () => {
    const { decodeJpeg } = await import('../../../src/image/codec/jpeg/decode.js');
    for (let i = 0; i < 2; i++) await expect(decodeJpeg(bytes, 1)).rejects.toThrow(message);
  });

  test('is refused by who waits for it, too', async () => {
    const { decodeJpegNow } = await import('../../../src/image/codec/jpeg/decode.js');
    for (let i = 0; i < 2; i++) expect(() => decodeJpegNow(bytes, 1)).toThrow(message); // at once, by a new thread
  });
});
