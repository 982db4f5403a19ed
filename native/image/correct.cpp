#include "blocks.h"
#include "kernels.h"

namespace pvaflow::image {

namespace {

/** Integers up to 16 bits that become float32 are exact in it, and what is rounded is rounded in its last digit. */
template <typename S, typename V>
using Working = std::conditional_t<std::is_same_v<V, float> && std::is_integral_v<S> && sizeof(S) <= 2, float, double>;

template <typename S, typename K, typename V>
void correctBlock(const S* PVAFLOW_RESTRICT source, const K* PVAFLOW_RESTRICT dark, const K* PVAFLOW_RESTRICT gain,
                  V* PVAFLOW_RESTRICT values, size_t count) {
  using W = Working<S, V>;
  for (size_t i = 0; i < count; i++) values[i] = static_cast<V>((static_cast<W>(source[i]) - static_cast<W>(dark[i])) * static_cast<W>(gain[i]));
}

template <typename S>
void scaleBlock(const S* PVAFLOW_RESTRICT source, double* PVAFLOW_RESTRICT values, size_t count, double low, double factor) {
  for (size_t i = 0; i < count; i++) values[i] = (static_cast<double>(source[i]) - low) * factor;
}

template <typename K, typename V>
void correctFrom(const Pixels& source, size_t first, const K* dark, const K* gain, V* values, size_t count) {
  visit(source, [&](auto* from) {
    using S = std::remove_pointer_t<decltype(from)>;
    vectorised<&correctBlock<S, K, V>, const S*, const K*, const K*>(from + first, dark + first, gain + first, values, count);
  });
}

template <typename K>
size_t correctAll(const Pixels& source, const Pixels& target, const K* dark, const K* gain) {
  return inBlocks(target, [&](size_t first, double* values, size_t count) { correctFrom(source, first, dark, gain, values, count); });
}

/** To float32, without a detour through doubles; in blocks as well, since the target may be the source. */
void correctToFloats(const Pixels& source, float* target, const float* dark, const float* gain) {
  std::array<float, kBlock> values;
  for (size_t first = 0; first < source.length; first += kBlock) {
    const size_t count = std::min(kBlock, source.length - first);
    correctFrom(source, first, dark, gain, values.data(), count);
    std::copy_n(values.data(), count, target + first);
  }
}

}  // namespace

Napi::Value correct(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels source = pixelsOf(info[0]);
  const Pixels target = pixelsOf(info[1], source.length);
  const Pixels dark = pixelsOf(info[2], source.length);
  const Pixels gain = pixelsOf(info[3], source.length);
  mustBe(gain, dark.type, env);
  size_t clipped = 0;
  if (dark.type == napi_float32_array && target.type == napi_float32_array) {
    correctToFloats(source, static_cast<float*>(target.data), static_cast<const float*>(dark.data), static_cast<const float*>(gain.data));
  } else if (dark.type == napi_float32_array) {
    clipped = correctAll(source, target, static_cast<const float*>(dark.data), static_cast<const float*>(gain.data));
  } else {
    mustBe(dark, napi_float64_array, env);
    clipped = correctAll(source, target, static_cast<const double*>(dark.data), static_cast<const double*>(gain.data));
  }
  return Napi::Number::New(env, static_cast<double>(clipped));
}

Napi::Value scale(const Napi::CallbackInfo& info) {
  const Pixels source = pixelsOf(info[0]);
  const Pixels target = pixelsOf(info[1], source.length);
  const double low = numberOf(info[2]);
  const double factor = numberOf(info[3]);
  const size_t clipped = inBlocks(target, [&](size_t first, double* values, size_t count) {
    visit(source, [&](auto* from) {
      using S = std::remove_pointer_t<decltype(from)>;
      vectorised<&scaleBlock<S>, const S*>(from + first, values, count, low, factor);
    });
  });
  return Napi::Number::New(info.Env(), static_cast<double>(clipped));
}

}  // namespace pvaflow::image
