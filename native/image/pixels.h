#pragma once
#include <napi.h>

#include <cstddef>
#include <cstdint>

namespace pvaflow::image {

/** What a typed array of one of the ten types of pixels shows, until JavaScript runs again. */
struct Pixels {
  napi_typedarray_type type;
  void* data;
  size_t length;
  size_t elementSize;
};

/**
 * Throws a TypeError for everything else: arrays of other types, those over shared memory, which another thread could change, and
 * those whose memory was given away.
 */
Pixels pixelsOf(const Napi::Value& value);

/** As pixelsOf(), of as many elements. Throws a RangeError. */
Pixels pixelsOf(const Napi::Value& value, size_t length);

/** Throws a TypeError for pixels of another type. */
void mustBe(const Pixels& pixels, napi_typedarray_type type, Napi::Env env);

/** Calls a function with the pixels as a pointer to their type. */
template <typename Visitor>
decltype(auto) visit(const Pixels& pixels, Visitor&& visitor) {
  switch (pixels.type) {
    case napi_int8_array: return visitor(static_cast<int8_t*>(pixels.data));
    case napi_uint8_array: return visitor(static_cast<uint8_t*>(pixels.data));
    case napi_int16_array: return visitor(static_cast<int16_t*>(pixels.data));
    case napi_uint16_array: return visitor(static_cast<uint16_t*>(pixels.data));
    case napi_int32_array: return visitor(static_cast<int32_t*>(pixels.data));
    case napi_uint32_array: return visitor(static_cast<uint32_t*>(pixels.data));
    case napi_bigint64_array: return visitor(static_cast<int64_t*>(pixels.data));
    case napi_biguint64_array: return visitor(static_cast<uint64_t*>(pixels.data));
    case napi_float32_array: return visitor(static_cast<float*>(pixels.data));
    default: return visitor(static_cast<double*>(pixels.data));
  }
}

/** A whole number from JavaScript. Throws a RangeError for anything else, and for what is beyond ±2^53. */
int64_t wholeOf(const Napi::Value& value);
/** The same, not negative. */
size_t countOf(const Napi::Value& value);
/** Throws a TypeError. */
double numberOf(const Napi::Value& value);

/** Elements of an array so far apart. */
struct Loop {
  int64_t count;
  int64_t step;
};

/** A plane of pixels: where it begins, its columns and its rows. */
struct Plane {
  int64_t start;
  Loop columns;
  Loop rows;
};

/** `(…, start, step, row, nx, ny)`, from the argument `at` on. Throws a RangeError if it is not within `length` elements. */
Plane planeOf(const Napi::CallbackInfo& info, size_t at, size_t length);

/** Throws a RangeError if loops from `offset` on, one within the other, reach an element that is not among `length`. */
template <typename Loops>
void mustReachOnly(Napi::Env env, size_t length, int64_t offset, const Loops& loops) {
  // As doubles: they cannot overflow, and are exact as long as they are not beyond the length.
  double first = static_cast<double>(offset);
  double last = first;
  for (const Loop& loop : loops) {
    if (loop.count == 0) return;
    const double reach = static_cast<double>(loop.count - 1) * static_cast<double>(loop.step);
    (reach < 0 ? first : last) += reach;
  }
  if (first < 0 || last >= static_cast<double>(length)) throw Napi::RangeError::New(env, "pixels beyond the array were asked for");
}

}  // namespace pvaflow::image
