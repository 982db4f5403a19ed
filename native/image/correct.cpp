#include "blocks.h"
#include "kernels.h"

namespace pvaflow::image {

namespace {

template <typename S, typename K>
void correctBlock(const S* PVAFLOW_RESTRICT source, const K* PVAFLOW_RESTRICT dark, const K* PVAFLOW_RESTRICT gain,
                  double* PVAFLOW_RESTRICT values, size_t count) {
  for (size_t i = 0; i < count; i++) values[i] = (static_cast<double>(source[i]) - static_cast<double>(dark[i])) * static_cast<double>(gain[i]);
}

template <typename S>
void scaleBlock(const S* PVAFLOW_RESTRICT source, double* PVAFLOW_RESTRICT values, size_t count, double low, double factor) {
  for (size_t i = 0; i < count; i++) values[i] = (static_cast<double>(source[i]) - low) * factor;
}

template <typename K>
size_t correctAll(const Pixels& source, const Pixels& target, const K* dark, const K* gain) {
  return inBlocks(target, [&](size_t first, double* values, size_t count) {
    visit(source, [&](auto* from) {
      using S = std::remove_pointer_t<decltype(from)>;
      vectorised<&correctBlock<S, K>, const S*, const K*, const K*>(from + first, dark + first, gain + first, values, count);
    });
  });
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
  if (dark.type == napi_float32_array) {
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
