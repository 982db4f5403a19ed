#include <array>
#include <cmath>
#include <type_traits>

#include "halves.h"
#include "kernels.h"
#include "pixels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

/** Integers up to 2^32 times these are exact as doubles, and so is what they are rounded to. */
constexpr int64_t kMostWeight = 10'000;

struct Weights {
  int64_t red;
  int64_t green;
  int64_t blue;

  int64_t sum() const { return red + green + blue; }
};

/**
 * Integers are `(2 sum + divisor) / (2 divisor)`, rounded down. Multiplied by the inverse, what is added once more keeps whole
 * quotients on their side of the border: fractions are multiples of 1 / (2 divisor), far more than what rounding takes.
 *
 * @param step of pixels: 3, or 1
 */
template <typename T, int Step>
void weighRow(const T* PVAFLOW_RESTRICT from, T* PVAFLOW_RESTRICT to, size_t count, size_t apart, double red, double green, double blue) {
  const double divisor = red + green + blue;
  const double inverse = 1 / (2 * divisor);
  const size_t stepColor = Step == 3 ? 1 : apart;
  for (size_t i = 0; i < count; i++) {
    const double sum = static_cast<double>(from[i * Step]) * red + static_cast<double>(from[i * Step + stepColor]) * green +
                       static_cast<double>(from[i * Step + 2 * stepColor]) * blue;
    if constexpr (std::is_floating_point_v<T>) to[i] = static_cast<T>(sum / divisor);
    else to[i] = static_cast<T>(static_cast<std::conditional_t<sizeof(T) == 4, int64_t, int32_t>>(std::floor((2 * sum + divisor + 0.5) * inverse)));
  }
}

template <typename T>
void weighLongs(const T* from, T* to, size_t count, size_t step, size_t apart, const Weights& weights) {
  for (size_t i = 0; i < count; i++, from += step) {
    const auto [red, green, blue] = std::array{halvesOf(from[0]), halvesOf(from[apart]), halvesOf(from[2 * apart])};
    const Halves sum{red.upper * weights.red + green.upper * weights.green + blue.upper * weights.blue,
                     red.lower * weights.red + green.lower * weights.green + blue.lower * weights.blue};
    size_t changed = 0;
    to[i] = nearest<T>(sum.divided(weights.sum()), changed);
  }
}

template <typename T>
void weigh(const T* from, T* to, size_t count, size_t step, size_t apart, const Weights& weights) {
  if constexpr (std::is_integral_v<T> && sizeof(T) == 8) return weighLongs(from, to, count, step, apart, weights);
  else {
    const auto [red, green, blue] = std::array{static_cast<double>(weights.red), static_cast<double>(weights.green), static_cast<double>(weights.blue)};
    if (step == 3) return vectorised<&weighRow<T, 3>, const T*, T*>(from, to, count, apart, red, green, blue);
    vectorised<&weighRow<T, 1>, const T*, T*>(from, to, count, apart, red, green, blue);
  }
}

Weights weightsOf(const Napi::CallbackInfo& info, size_t at) {
  const Weights weights{wholeOf(info[at]), wholeOf(info[at + 1]), wholeOf(info[at + 2])};
  for (const int64_t weight : {weights.red, weights.green, weights.blue})
    if (weight < 0 || weight > kMostWeight) throw Napi::RangeError::New(info.Env(), "weights are 0 to 10000");
  if (weights.sum() <= 0 || weights.sum() > kMostWeight) throw Napi::RangeError::New(info.Env(), "the sum of the weights is 1 to 10000");
  return weights;
}

}  // namespace

Napi::Value luminance(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels source = pixelsOf(info[0]);
  const size_t nx = countOf(info[2]);
  const size_t ny = countOf(info[3]);
  const size_t stepX = countOf(info[4]);
  const size_t stepY = countOf(info[5]);
  const size_t stepColor = countOf(info[6]);
  const Weights weights = weightsOf(info, 7);
  const auto loop = [](size_t count, size_t step) { return Loop{static_cast<int64_t>(count), static_cast<int64_t>(step)}; };
  mustReachOnly(env, source.length, 0, std::array{loop(ny, stepY), loop(nx, stepX), loop(3, stepColor)});
  const bool isKnown = stepX == 1 || (stepX == 3 && stepColor == 1);
  if (!isKnown) throw Napi::RangeError::New(env, "pixels lie side by side, or their colours do");
  const Pixels target = pixelsOf(info[1], nx == 0 || ny == 0 ? 0 : nx * ny);
  mustBe(target, source.type, env);
  visit(source, [&](auto* from) {
    auto* const to = static_cast<decltype(from)>(target.data);
    for (size_t y = 0; y < ny; y++) weigh(from + y * stepY, to + y * nx, nx, stepX, stepColor, weights);
  });
  return env.Undefined();
}

}  // namespace pvaflow::image
