#include "pixels.h"

#include <array>
#include <cmath>
#include <string>

namespace pvaflow::image {

namespace {

size_t sizeOf(napi_typedarray_type type) {
  switch (type) {
    case napi_int8_array:
    case napi_uint8_array: return 1;
    case napi_int16_array:
    case napi_uint16_array: return 2;
    case napi_int32_array:
    case napi_uint32_array:
    case napi_float32_array: return 4;
    case napi_float64_array:
    case napi_bigint64_array:
    case napi_biguint64_array: return 8;
    default: return 0;
  }
}

}  // namespace

Pixels pixelsOf(const Napi::Value& value) {
  const Napi::Env env = value.Env();
  if (!value.IsTypedArray()) throw Napi::TypeError::New(env, "expected a typed array of pixels");
  Pixels pixels{};
  napi_value buffer = nullptr;
  if (napi_get_typedarray_info(env, value, &pixels.type, &pixels.length, &pixels.data, &buffer, nullptr) != napi_ok)
    throw Napi::Error::New(env);
  pixels.elementSize = sizeOf(pixels.type);
  bool isOwn = false;
  bool isDetached = false;
  const bool isKnown = napi_is_arraybuffer(env, buffer, &isOwn) == napi_ok && napi_is_detached_arraybuffer(env, buffer, &isDetached) == napi_ok;
  if (pixels.elementSize == 0) throw Napi::TypeError::New(env, "arrays of this type hold no pixels");
  if (!isKnown || !isOwn) throw Napi::TypeError::New(env, "the pixels are in shared memory");
  if (isDetached) throw Napi::TypeError::New(env, "the memory of the pixels was given away");
  if (reinterpret_cast<uintptr_t>(pixels.data) % pixels.elementSize != 0) throw Napi::TypeError::New(env, "the pixels are not aligned");
  return pixels;
}

Pixels pixelsOf(const Napi::Value& value, size_t length) {
  const Pixels pixels = pixelsOf(value);
  if (pixels.length == length) return pixels;
  throw Napi::RangeError::New(value.Env(), "expected " + std::to_string(length) + " elements, found " + std::to_string(pixels.length));
}

void mustBe(const Pixels& pixels, napi_typedarray_type type, Napi::Env env) {
  if (pixels.type != type) throw Napi::TypeError::New(env, "the array has another type than is needed");
}

double numberOf(const Napi::Value& value) {
  if (!value.IsNumber()) throw Napi::TypeError::New(value.Env(), "expected a number");
  return value.As<Napi::Number>().DoubleValue();
}

int64_t wholeOf(const Napi::Value& value) {
  const double number = numberOf(value);
  if (std::abs(number) <= 9007199254740992.0 && number == std::floor(number)) return static_cast<int64_t>(number);
  throw Napi::RangeError::New(value.Env(), "expected a whole number");
}

size_t countOf(const Napi::Value& value) {
  const int64_t whole = wholeOf(value);
  if (whole < 0) throw Napi::RangeError::New(value.Env(), "expected a number that is not negative");
  return static_cast<size_t>(whole);
}

Plane planeOf(const Napi::CallbackInfo& info, size_t at, size_t length) {
  const int64_t start = wholeOf(info[at]);
  const int64_t step = wholeOf(info[at + 1]);
  const int64_t row = wholeOf(info[at + 2]);
  const auto nx = static_cast<int64_t>(countOf(info[at + 3]));
  const auto ny = static_cast<int64_t>(countOf(info[at + 4]));
  const Plane plane{start, {nx, step}, {ny, row}};
  mustReachOnly(info.Env(), length, start, std::array<Loop, 2>{plane.rows, plane.columns});
  return plane;
}

}  // namespace pvaflow::image
