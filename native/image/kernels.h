#pragma once
#include <napi.h>

/**
 * Loops over pixels, as JavaScript functions of typed arrays: pixels of ten types (integers of 8 to 64 bits, float32, float64). All check
 * types, lengths and places before they read or write anything, and throw a TypeError or a RangeError; what then lies at an
 * argument's place is what the types in src/pva/native-image.ts say. They work on the JavaScript thread, and at once. An array may
 * be used for two arguments only where it is said.
 */
namespace pvaflow::image {

/** All functions, as properties of one object. */
Napi::Object define(Napi::Env env);

/**
 * `gather(source, target, offset, outer, outerStep, middle, middleStep, inner, innerStep)`: copies elements along a way of three
 * loops, one after the other into `target`, which has the same type and as many elements as the way.
 */
Napi::Value gather(const Napi::CallbackInfo& info);

/**
 * `bin(source, target, outer, outerStep, inner, innerStep, rowStep, binX, binY, columns, perPixel, divisor)`: sums and means of
 * rectangles. Rows of the target, `columns × perPixel` elements long, are numbered by two loops, whose steps say where the first of the
 * `binY` rows of the source begins that make one; the others follow by `rowStep`. Within, `binX` pixels of `perPixel` elements
 * make one. Sums are exact; `divisor` is 1, or the number of pixels. Means of integers, and floats that become integers, are rounded, halves up;
 * what the target does not hold becomes the nearest that it holds, and what is no number 0. Gives how many were changed so.
 */
Napi::Value bin(const Napi::CallbackInfo& info);

/**
 * `luminance(source, target, nx, ny, stepX, stepY, stepColor, red, green, blue)`: weighs three colours into one value of the same
 * type. Weights are whole numbers up to 10,000, and their sum is what the result is divided by; integers are rounded, halves up.
 */
Napi::Value luminance(const Napi::CallbackInfo& info);

/**
 * `threshold(pixels, mode, level, value)`, in place. Mode 0: pixels below the level become the value; 1: those above it; 2: those that
 * reach it, and all others 0. NaN is neither below nor above. Gives how many reach the level.
 */
Napi::Value threshold(const Napi::CallbackInfo& info);

/**
 * `correct(source, target, dark, gain)`: `(source - dark) × gain`, as doubles; as float32 where dark, gain and target are, and the source has
 * integers up to 16 bits. `target` may be `source`. Gives how many were clipped.
 */
Napi::Value correct(const Napi::CallbackInfo& info);

/** `scale(source, target, low, factor)`: the same with two numbers, as doubles. */
Napi::Value scale(const Napi::CallbackInfo& info);

/** `add(sums, pixels)`: sums of a type that can hold them: the pixels' own or a wider one of its kind, or float64. */
Napi::Value add(const Napi::CallbackInfo& info);

/** `addLong(upper, lower, pixels)`: sums of 64-bit integers in 128 bits: signed upper halves and unsigned lower ones. */
Napi::Value addLong(const Napi::CallbackInfo& info);

/** `store(values, target)`: rounds integers, halves up. Gives how many were clipped, as those that are no number, which become 0. */
Napi::Value store(const Napi::CallbackInfo& info);

/** `storeLong(upper, lower, target)`: the same of what addLong() has added. */
Napi::Value storeLong(const Napi::CallbackInfo& info);

/**
 * `slide(sums, ring, start, source, target, count)`: puts an image into a ring of images in the place of the oldest, which begins at
 * `start`, and writes the mean of `count`. Sums are float64, or, of integers up to 16 bits, those of 32. A sum that is not finite is
 * made anew from the ring. `target` may be `source`. Gives how many were clipped.
 */
Napi::Value slide(const Napi::CallbackInfo& info);

/** `sumAnew(sums, ring, first, last)`: makes the sums (float64) from `first` up to `last` anew from the ring. */
Napi::Value sumAnew(const Napi::CallbackInfo& info);

/**
 * `moveAverage(averages, source, target, weight)`: `average += (pixel - average) × weight`. NaN leaves an average as it is; where there
 * is none yet, NaN, the pixel is taken. `target` may be `source`. Gives how many were clipped.
 */
Napi::Value moveAverage(const Napi::CallbackInfo& info);

/**
 * `moments(pixels, figures)`: writes of the values that are finite: count, smallest value and place of its first, largest and place
 * of its first, sum, one value, and the sum of the squares of the distances from it. 64-bit integers are taken as doubles.
 */
Napi::Value moments(const Napi::CallbackInfo& info);

/**
 * `profiles(pixels, columns, rows, start, step, row, nx, ny, threshold)`: adds the values of a plane that are finite and reach the
 * threshold to sums of columns and rows. Gives the sum of value × column × row.
 */
Napi::Value profiles(const Napi::CallbackInfo& info);

/**
 * `histogram(pixels, bins, outside, min, max)`: adds to the counts of bins (float64), the first around `min` and the last around `max`: a
 * value counts in the bin whose middle is nearest; and to the two of `outside`: how many are below, and how many above. NaN is not counted.
 */
Napi::Value histogram(const Napi::CallbackInfo& info);

/**
 * `findHot(pixels, found, start, step, row, nx, ny, threshold)`: lists the pixels of a plane that exceed the median of their neighbours
 * (eight; at edges five, in corners three) by more than a threshold, into `found` until it is full. Of an even number the upper
 * one of the two in the middle counts. Gives how many there are.
 */
Napi::Value findHot(const Napi::CallbackInfo& info);

/**
 * `repairHot(pixels, marks, list, count, start, step, row, nx, ny, reach)`: gives the first `count` pixels of a list the median of
 * their neighbours, in a square that grows up to `reach` pixels to each side until it has any: pixels that are marked are
 * none, nor is NaN. Of an even number it is the mean of the two in the middle, of integers rounded, halves up. Gives how many stayed as they were.
 */
Napi::Value repairHot(const Napi::CallbackInfo& info);

}  // namespace pvaflow::image
