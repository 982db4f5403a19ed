/** 256 colours, three bytes each, from the darkest to the brightest. */
export type ColorTable = Uint8Array;

/** Matplotlib's viridis (CC0, https://github.com/BIDS/colormap) at 33 equal steps. */
const VIRIDIS =
  '440154470d6048186a482374472d7b4537814240863e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c' +
  '1f988b1fa08822a78528ae8032b67a3fbc734ec36b5ec96270cf5784d44b98d83eaddc30c2df23d8e219ece51bfde725';

function interpolated(hex: string): ColorTable {
  const stops = Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
  const last = stops.length / 3 - 1;
  return Uint8Array.from({ length: 768 }, (_, i) => {
    const position = (Math.floor(i / 3) / 255) * last;
    const stop = Math.min(Math.floor(position), last - 1);
    const from = stops[stop * 3 + (i % 3)] ?? 0;
    const to = stops[stop * 3 + 3 + (i % 3)] ?? 0;
    return Math.round(from + (to - from) * (position - stop));
  });
}

export const colorMaps = {
  grey: Uint8Array.from({ length: 768 }, (_, i) => Math.floor(i / 3)),
  viridis: interpolated(VIRIDIS),
} as const;

export type ColorMapName = keyof typeof colorMaps;
export const colorMapNames = Object.keys(colorMaps) as ColorMapName[];
