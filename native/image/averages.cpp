#include "blocks.h"
#include "kernels.h"

namespace pvaflow::image {

namespace {

/** All images of a window, one after the other. */
template <typename S>
struct Ring {
  S* pixels;
  size_t images;
  size_t size;
  /** Where the oldest begins. */
  size_t start;
};

/** Sums up the pixel `at` of all images. */
template <typename S>
double sumOf(const Ring<S>& ring, size_t at) {
  double sum = 0;
  for (size_t image = 0; image < ring.images; image++) sum += static_cast<double>(ring.pixels[image * ring.size + at]);
  return sum;
}

template <typename S>
void slideFloats(double* PVAFLOW_RESTRICT sums, S* PVAFLOW_RESTRICT oldest, const S* PVAFLOW_RESTRICT source, double* PVAFLOW_RESTRICT values,
                 size_t count) {
  for (size_t i = 0; i < count; i++) {
    sums[i] = (sums[i] + static_cast<double>(source[i])) - static_cast<double>(oldest[i]);
    oldest[i] = source[i];
    values[i] = sums[i];
  }
}

template <typename A, typename S>
void slideIntegers(A* PVAFLOW_RESTRICT sums, S* PVAFLOW_RESTRICT oldest, const S* PVAFLOW_RESTRICT source, double* PVAFLOW_RESTRICT values,
                   size_t count) {
  for (size_t i = 0; i < count; i++) {
    const auto change = static_cast<int32_t>(source[i]) - static_cast<int32_t>(oldest[i]);
    sums[i] = static_cast<A>(static_cast<uint32_t>(sums[i]) + static_cast<uint32_t>(change));
    oldest[i] = source[i];
    values[i] = static_cast<double>(sums[i]);
  }
}

void divide(double* values, size_t count, double divisor) {
  for (size_t i = 0; i < count; i++) values[i] /= divisor;
}

template <typename S>
void addTo(double* PVAFLOW_RESTRICT sums, const S* PVAFLOW_RESTRICT pixels, size_t count) {
  for (size_t i = 0; i < count; i++) sums[i] += static_cast<double>(pixels[i]);
}

bool areFinite(const double* values, size_t count) {
  size_t finite = 0;
  for (size_t i = 0; i < count; i++) finite += values[i] - values[i] == 0 ? 1 : 0;
  return finite == count;
}

/** Sums that are not finite would stay so when the cause has left the ring. */
template <typename S>
void repair(const Ring<S>& ring, double* sums, double* values, size_t first, size_t count) {
  for (size_t i = 0; i < count; i++)
    if (sums[i] - sums[i] != 0) values[i] = sums[i] = sumOf(ring, first + i);
}

/** One block of slide(): puts the new sums into `values`. */
template <typename S>
void slideBlock(const Ring<S>& ring, const Pixels& sums, const S* source, size_t first, double* values, size_t count) {
  S* const oldest = ring.pixels + ring.start + first;
  if (sums.type == napi_float64_array) {
    double* const to = static_cast<double*>(sums.data) + first;
    vectorised<&slideFloats<S>, double*, S*, const S*>(to, oldest, source + first, values, count);
    const bool mayBeInfinite = std::is_floating_point_v<S>;
    if (mayBeInfinite && !vectorised<&areFinite, const double*>(values, count)) repair(ring, to, values, first, count);
  } else if constexpr (std::is_integral_v<S> && sizeof(S) <= 2) {
    using A = std::conditional_t<std::is_signed_v<S>, int32_t, uint32_t>;
    vectorised<&slideIntegers<A, S>, A*, S*, const S*>(static_cast<A*>(sums.data) + first, oldest, source + first, values, count);
  }
}

/** Throws a TypeError for sums of a type that slideBlock() does not take. */
void mustHold(const Pixels& sums, const Pixels& source, Napi::Env env) {
  if (sums.type == napi_float64_array) return;
  const bool isSigned = source.type == napi_int8_array || source.type == napi_int16_array;
  if (source.elementSize > 2) mustBe(sums, napi_float64_array, env);
  mustBe(sums, isSigned ? napi_int32_array : napi_uint32_array, env);
}

template <typename S>
void moveBlock(double* PVAFLOW_RESTRICT averages, const S* PVAFLOW_RESTRICT source, double* PVAFLOW_RESTRICT values, size_t count, double weight) {
  for (size_t i = 0; i < count; i++) {
    const auto pixel = static_cast<double>(source[i]);
    const double before = averages[i];
    const double moved = before == before ? before + (pixel - before) * weight : pixel;
    values[i] = averages[i] = pixel == pixel ? moved : before;
  }
}

/** Throws a RangeError if the sizes of a ring and its images do not match. */
void mustFit(const Pixels& ring, size_t size, Napi::Env env) {
  if (size == 0 ? ring.length != 0 : ring.length % size != 0) throw Napi::RangeError::New(env, "the ring has no whole number of images");
}

}  // namespace

Napi::Value slide(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels ring = pixelsOf(info[1]);
  const size_t start = countOf(info[2]);
  const Pixels source = pixelsOf(info[3]);
  const size_t size = source.length;
  const Pixels sums = pixelsOf(info[0], size);
  const Pixels target = pixelsOf(info[4], size);
  const double divisor = numberOf(info[5]);
  mustBe(ring, source.type, env);
  mustHold(sums, source, env);
  mustFit(ring, size, env);
  if (start > ring.length || ring.length - start < size) throw Napi::RangeError::New(env, "the oldest image is not in the ring");
  const size_t clipped = visit(source, [&](auto* from) {
    using S = std::remove_pointer_t<decltype(from)>;
    const Ring<S> images{static_cast<S*>(ring.data), size == 0 ? 0 : ring.length / size, size, start};
    return inBlocks(target, [&](size_t first, double* values, size_t count) {
      slideBlock<S>(images, sums, from, first, values, count);
      vectorised<&divide>(values, count, divisor);
    });
  });
  return Napi::Number::New(env, static_cast<double>(clipped));
}

Napi::Value sumAnew(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels sums = pixelsOf(info[0]);
  const Pixels ring = pixelsOf(info[1]);
  const size_t first = countOf(info[2]);
  const size_t last = countOf(info[3]);
  mustBe(sums, napi_float64_array, env);
  mustFit(ring, sums.length, env);
  if (first > last || last > sums.length) throw Napi::RangeError::New(env, "there are fewer sums");
  double* const to = static_cast<double*>(sums.data) + first;
  std::fill(to, to + (last - first), 0.0);
  visit(ring, [&](auto* pixels) {
    using S = std::remove_pointer_t<decltype(pixels)>;
    for (size_t start = 0; start < ring.length; start += sums.length)
      vectorised<&addTo<S>, double*, const S*>(to, pixels + start + first, last - first);
  });
  return env.Undefined();
}

Napi::Value moveAverage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels source = pixelsOf(info[1]);
  const Pixels averages = pixelsOf(info[0], source.length);
  const Pixels target = pixelsOf(info[2], source.length);
  const double weight = numberOf(info[3]);
  mustBe(averages, napi_float64_array, env);
  const size_t clipped = inBlocks(target, [&](size_t first, double* values, size_t count) {
    visit(source, [&](auto* from) {
      using S = std::remove_pointer_t<decltype(from)>;
      vectorised<&moveBlock<S>, double*, const S*>(static_cast<double*>(averages.data) + first, from + first, values, count, weight);
    });
  });
  return Napi::Number::New(env, static_cast<double>(clipped));
}

}  // namespace pvaflow::image
