#include <cstring>

#include "blocks.h"
#include "kernels.h"

namespace pvaflow::image {

namespace {

/** Added as unsigned integers, which wrap around where a caller adds more than the sums hold. */
template <typename A, typename S>
void addAll(A* PVAFLOW_RESTRICT sums, const S* PVAFLOW_RESTRICT pixels, size_t length) {
  if constexpr (std::is_integral_v<A>) {
    using U = std::make_unsigned_t<A>;
    for (size_t i = 0; i < length; i++) sums[i] = static_cast<A>(static_cast<U>(sums[i]) + static_cast<U>(static_cast<A>(pixels[i])));
  } else {
    for (size_t i = 0; i < length; i++) sums[i] += static_cast<A>(pixels[i]);
  }
}

/** Whether sums of this type may be made of these pixels. */
template <typename A, typename S>
constexpr bool kCanHold = std::is_same_v<A, double>
                              ? sizeof(S) < 8 || std::is_same_v<S, double>
                              : std::is_integral_v<A> && std::is_integral_v<S> && std::is_signed_v<A> == std::is_signed_v<S> &&
                                    sizeof(A) < 8 && sizeof(S) < sizeof(A);

template <typename S>
void addLongs(int64_t* PVAFLOW_RESTRICT upper, uint64_t* PVAFLOW_RESTRICT lower, const S* PVAFLOW_RESTRICT pixels, size_t length) {
  for (size_t i = 0; i < length; i++) {
    const auto pixel = static_cast<uint64_t>(pixels[i]);
    const uint64_t sum = lower[i] + pixel;
    upper[i] += (pixels[i] < S{0} ? -1 : 0) + (sum < pixel ? 1 : 0);
    lower[i] = sum;
  }
}

/** The double that is nearest to `upper × 2^64 + lower`. */
double nearestDouble(int64_t upper, uint64_t lower) {
  const bool isNegative = upper < 0;
  auto high = static_cast<uint64_t>(upper);
  if (isNegative) {  // its amount
    high = ~high + (lower == 0 ? 1 : 0);
    lower = ~lower + 1;
  }
  int shift = 0;
  bool isInexact = false;  // whether ones were shifted out: they decide where a half is rounded to
  for (; high != 0; shift++) {
    isInexact = isInexact || (lower & 1) != 0;
    lower = (lower >> 1) | (high << 63);
    high >>= 1;
  }
  const double amount = std::ldexp(static_cast<double>(lower | (isInexact ? 1 : 0)), shift);
  return isNegative ? -amount : amount;
}

template <typename T>
size_t storeLongs(const int64_t* upper, const uint64_t* lower, T* target, size_t length) {
  size_t clipped = 0;
  for (size_t i = 0; i < length; i++) {
    if constexpr (std::is_floating_point_v<T>) {
      target[i] = static_cast<T>(nearestDouble(upper[i], lower[i]));
    } else {
      const bool isNegative = upper[i] < 0;
      const T limit = isNegative ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
      // what it would be after it was widened again
      const auto narrow = static_cast<T>(lower[i]);
      const bool fits = static_cast<uint64_t>(narrow) == lower[i] && upper[i] == (narrow < T{0} ? -1 : 0);
      target[i] = fits ? narrow : limit;
      clipped += fits ? 0 : 1;
    }
  }
  return clipped;
}

template <typename S>
void loadBlock(const S* PVAFLOW_RESTRICT from, double* PVAFLOW_RESTRICT values, size_t count) {
  for (size_t i = 0; i < count; i++) values[i] = static_cast<double>(from[i]);
}

struct Longs {
  int64_t* upper;
  uint64_t* lower;
};

Longs longsOf(const Napi::CallbackInfo& info, size_t length) {
  const Pixels upper = pixelsOf(info[0], length);
  const Pixels lower = pixelsOf(info[1], length);
  mustBe(upper, napi_bigint64_array, info.Env());
  mustBe(lower, napi_biguint64_array, info.Env());
  return {static_cast<int64_t*>(upper.data), static_cast<uint64_t*>(lower.data)};
}

}  // namespace

Napi::Value add(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels sums = pixelsOf(info[0]);
  const Pixels pixels = pixelsOf(info[1], sums.length);
  visit(sums, [&](auto* to) {
    visit(pixels, [&](auto* from) {
      using A = std::remove_pointer_t<decltype(to)>;
      using S = std::remove_pointer_t<decltype(from)>;
      if constexpr (kCanHold<A, S>) vectorised<&addAll<A, S>, A*, const S*>(to, from, sums.length);
      else throw Napi::TypeError::New(env, "sums of this type cannot hold such pixels");
    });
  });
  return env.Undefined();
}

Napi::Value addLong(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels pixels = pixelsOf(info[2]);
  const auto [upper, lower] = longsOf(info, pixels.length);
  if (pixels.type == napi_bigint64_array) {
    vectorised<&addLongs<int64_t>, int64_t*, uint64_t*, const int64_t*>(upper, lower, static_cast<const int64_t*>(pixels.data), pixels.length);
  } else {
    mustBe(pixels, napi_biguint64_array, env);
    vectorised<&addLongs<uint64_t>, int64_t*, uint64_t*, const uint64_t*>(upper, lower, static_cast<const uint64_t*>(pixels.data), pixels.length);
  }
  return env.Undefined();
}

Napi::Value store(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const Pixels values = pixelsOf(info[0]);
  const Pixels target = pixelsOf(info[1], values.length);
  if (values.elementSize == 8 && values.type != napi_float64_array) throw Napi::TypeError::New(env, "64-bit integers are no such values");
  if (values.type == target.type) {
    if (values.length > 0) std::memmove(target.data, values.data, values.length * values.elementSize);
    return Napi::Number::New(env, 0);
  }
  const size_t clipped = inBlocks(target, [&](size_t first, double* block, size_t count) {
    visit(values, [&](auto* from) {
      using S = std::remove_pointer_t<decltype(from)>;
      vectorised<&loadBlock<S>, const S*>(from + first, block, count);
    });
  });
  return Napi::Number::New(env, static_cast<double>(clipped));
}

Napi::Value storeLong(const Napi::CallbackInfo& info) {
  const Pixels target = pixelsOf(info[2]);
  const auto [upper, lower] = longsOf(info, target.length);
  const size_t clipped = visit(target, [&, upper = upper, lower = lower](auto* to) { return storeLongs(upper, lower, to, target.length); });
  return Napi::Number::New(info.Env(), static_cast<double>(clipped));
}

}  // namespace pvaflow::image
