#pragma once
#include <cstdint>
#include <limits>
#include <type_traits>

namespace pvaflow::image {

/**
 * A sum of 64-bit integers, as two sums: that of their upper halves of 32 bits, with the sign, and that of the lower ones. Up to 2^30
 * such integers, or products with weights of that sum, are added exactly.
 */
struct Halves {
  int64_t upper = 0;
  int64_t lower = 0;

  /** `upper × 2^32 + lower` with a lower half of 32 bits. */
  Halves carried() const { return {upper + (lower >> 32), lower & 0xffffffff}; }

  /** Divided, rounded to the nearest, halves up, as one divides by hand: halves of up to 2^18 integers. */
  Halves divided(int64_t divisor) const {
    const int64_t quotient = upper / divisor - (upper % divisor < 0 ? 1 : 0);
    const int64_t rest = ((upper - quotient * divisor) * 4294967296 + lower) * 2 + divisor;
    return Halves{quotient, rest / (2 * divisor)}.carried();
  }

  double toDouble() const { return static_cast<double>(upper) * 4294967296.0 + static_cast<double>(lower); }
};

template <typename T>
Halves halvesOf(T value) {
  static_assert(sizeof(T) == 8);
  return {static_cast<int64_t>(value >> 32), static_cast<int64_t>(value & 0xffffffff)};
}

/** The nearest integer that the type holds, of halves that are carried; `changed` counts those that it does not hold. */
template <typename T>
T nearest(const Halves& value, size_t& changed) {
  const bool isWide = sizeof(T) == 8;
  const int64_t low = !std::is_signed_v<T> ? 0 : isWide ? std::numeric_limits<int32_t>::min() : -1;
  const int64_t high = isWide ? (std::is_signed_v<T> ? std::numeric_limits<int32_t>::max() : std::numeric_limits<uint32_t>::max()) : 0;
  if (value.upper >= low && value.upper <= high) {
    const auto whole = static_cast<int64_t>((static_cast<uint64_t>(value.upper) << 32) | static_cast<uint64_t>(value.lower));
    const auto narrow = static_cast<T>(whole);
    if (isWide || static_cast<int64_t>(narrow) == whole) return narrow;
  }
  changed++;
  return value.upper < 0 ? std::numeric_limits<T>::min() : std::numeric_limits<T>::max();
}

}  // namespace pvaflow::image
