import { describe, expect, it } from 'vitest';
import { metadataChannelNames } from '../../../src/hpc/metadata/channel-list.js';

describe('metadataChannelNames', () => {
  it('reads protocols; without one it is Channel Access', () => {
    expect(metadataChannelNames(['pva://x:a', ' ca://y', 'z', ''])).toEqual([
      { protocol: 'pva', name: 'x:a' },
      { protocol: 'ca', name: 'y' },
      { protocol: 'ca', name: 'z' },
    ]);
  });

  it.each([
    [['http://x'], 'has the protocol http'],
    [['pva://'], 'has no name'],
    [['pva://x', 'ca://x'], 'x is named twice'],
  ])('refuses %o', (channels, message) => {
    expect(() => metadataChannelNames(channels)).toThrow(message);
  });
});
