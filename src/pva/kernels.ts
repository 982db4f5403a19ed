import { native } from './native.js';
import type { NativeImage } from './native-image.js';

/** The addon's loops over pixels. */
export const kernels: NativeImage = native.image;
