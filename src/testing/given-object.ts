import type { Image } from '../image/image-view.js';
import { reshapeNtNdArray } from '../image/reshape.js';
import { NtNdArray } from '../pva/normative/nt-nd-array.js';
import type { PvObject } from '../pva/pv-object.js';

/** An object that a processor gave, as it was at that moment: what the processor does with its own afterwards changes nothing here. */
export class GivenObject {
  /** @param id what the object has in the field of the ids; undefined when it has none */
  constructor(
    readonly object: PvObject,
    readonly id: number | undefined,
  ) {}

  /**
   * The object as an area-detector frame.
   *
   * @throws {TypeError} when it is another object
   */
  get frame(): NtNdArray {
    if (this.object instanceof NtNdArray) return this.object;
    throw new TypeError(`the object is no NTNDArray but ${this.object.typeId || 'a structure without a type id'}`);
  }

  /**
   * Its image, as `reshapeNtNdArray` gives it: `image.get(y, x)`, `image.shape`, `image.data`. A compressed frame is decoded.
   *
   * @throws {TypeError} when the object is no frame; FrameError when its pixels cannot be read
   */
  get image(): Image {
    const { frame } = this;
    return reshapeNtNdArray(frame.header().codec === '' ? frame : frame.clone()).image;
  }

  /** The image as arrays of rows, for comparisons: numbers (or bigints, of 64 bits), or three of them where it has colours. */
  get rows(): unknown[][] {
    const { image } = this;
    const [ny = 0, nx = 0, nz] = image.shape;
    const pixel = (y: number, x: number): unknown =>
      nz === undefined ? image.get(y, x) : range(nz).map((color) => image.get(y, x, color) as unknown);
    return range(ny).map((y) => range(nx).map((x) => pixel(y, x)));
  }

  /** The values of its attributes, by their names. */
  get attributes(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.frame.attributes.map(({ name, value }) => [name, value]));
  }
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
