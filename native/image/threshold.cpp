#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "kernels.h"
#include "pixels.h"
#include "vectorised.h"

namespace pvaflow::image {

namespace {

enum class Mode { below, above, binary };

/** Values from one on; `none`: no value of the type is. */
template <typename T>
struct From {
  T first;
  bool isNone;
};

/** The first value of a type beyond all integers of a type, as a double. */
template <typename T>
constexpr double kBeyond = sizeof(T) == 8 ? (std::is_signed_v<T> ? 9223372036854775808.0 : 18446744073709551616.0)
                                          : static_cast<double>(std::numeric_limits<T>::max()) + 1;

/** Those that reach a level. */
template <typename T>
From<T> reaching(double level) {
  if constexpr (std::is_floating_point_v<T>) {
    const auto nearest = static_cast<T>(level);
    return {static_cast<double>(nearest) < level ? std::nextafter(nearest, std::numeric_limits<T>::infinity()) : nearest, false};
  } else {
    const double first = std::ceil(level);
    if (first >= kBeyond<T>) return {0, true};
    return {first <= static_cast<double>(std::numeric_limits<T>::min()) ? std::numeric_limits<T>::min() : static_cast<T>(first), false};
  }
}

/** Those above a level. */
template <typename T>
From<T> above(double level) {
  const From<T> from = reaching<T>(level);
  if (from.isNone || static_cast<double>(from.first) > level) return from;
  if constexpr (std::is_floating_point_v<T>) {
    return {std::nextafter(from.first, std::numeric_limits<T>::infinity()), level == std::numeric_limits<double>::infinity()};
  } else {
    const bool isLast = from.first == std::numeric_limits<T>::max();
    return {static_cast<T>(isLast ? from.first : from.first + 1), isLast};
  }
}

/** What pixels from `split` on become, what those below, and from where on they are counted. NaN is none of these. */
template <typename T>
struct Choice {
  T split;
  T counted;
  T value;
};

template <typename T, Mode M>
T chosen(T pixel, const Choice<T>& choice) {
  if constexpr (M == Mode::below) return pixel < choice.split ? choice.value : pixel;
  else if constexpr (M == Mode::above) return pixel >= choice.split ? choice.value : pixel;
  else return pixel >= choice.split ? choice.value : T{0};
}

/** Counts in integers as wide as the pixels: in so few at a time that these hold it. */
template <typename T, Mode M>
size_t choose(T* data, size_t length, const Choice<T> choice) {
  using Count = std::conditional_t<sizeof(T) == 1, uint8_t, std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;
  constexpr size_t kMost = sizeof(T) == 1 ? 224 : 32768;
  size_t reached = 0;
  for (size_t first = 0; first < length; first += kMost) {
    const size_t end = std::min(length, first + kMost);
    Count count = 0;
    for (size_t i = first; i < end; i++) {
      const T pixel = data[i];
      count = static_cast<Count>(count + (pixel >= choice.counted ? 1 : 0));
      data[i] = chosen<T, M>(pixel, choice);
    }
    reached += count;
  }
  return reached;
}

template <typename T, Mode M>
size_t apply(T* data, size_t length, double level, T value) {
  const From<T> counted = reaching<T>(level);
  const From<T> split = M == Mode::above ? above<T>(level) : counted;
  const bool changesAll = split.isNone && M != Mode::above;  // all are below
  if (changesAll) std::fill(data, data + length, M == Mode::below ? value : T{0});
  if (split.isNone && (counted.isNone || changesAll)) return 0;
  if (split.isNone) return static_cast<size_t>(std::count_if(data, data + length, [&](T pixel) { return pixel >= counted.first; }));
  return vectorised<&choose<T, M>>(data, length, Choice<T>{split.first, counted.first, value});
}

template <typename T>
T valueOf(const Napi::Value& given) {
  const double value = numberOf(given);
  if constexpr (std::is_integral_v<T>) {
    const bool fits = value >= static_cast<double>(std::numeric_limits<T>::min()) && value < kBeyond<T> && value == std::floor(value);
    if (!fits) throw Napi::RangeError::New(given.Env(), "the pixels cannot be this value");
  }
  return static_cast<T>(value);
}

}  // namespace

Napi::Value threshold(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[0]);
  const size_t mode = countOf(info[1]);
  const double level = numberOf(info[2]);
  if (mode > 2) throw Napi::RangeError::New(env, "the mode of a threshold is 0 to 2");
  if (std::isnan(level)) throw Napi::RangeError::New(env, "a level is a number");
  const size_t reached = visit(pixels, [&](auto* data) {
    using T = std::remove_pointer_t<decltype(data)>;
    const T value = valueOf<T>(info[3]);
    if (mode == 0) return apply<T, Mode::below>(data, pixels.length, level, value);
    if (mode == 1) return apply<T, Mode::above>(data, pixels.length, level, value);
    return apply<T, Mode::binary>(data, pixels.length, level, value);
  });
  return Napi::Number::New(env, static_cast<double>(reached));
}

}  // namespace pvaflow::image
