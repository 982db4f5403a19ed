#pragma once
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "vectorised.h"

namespace pvaflow::image {

/** Whole numbers of doubles, in range, as a type: in ways of which there are vectors. */
template <typename T>
T asInteger(double whole) {
  if constexpr (sizeof(T) == 8) return static_cast<T>(whole);
  else if constexpr (std::is_same_v<T, uint32_t>) return static_cast<uint32_t>(static_cast<int32_t>(whole - 2147483648.0)) + 2147483648u;
  else return static_cast<T>(static_cast<int32_t>(whole));
}

/** To the nearest, halves up. */
inline double rounded(double value) {
  const double below = std::floor(value);
  return below + (value - below >= 0.5 ? 1.0 : 0.0);
}

/**
 * Writes values into pixels. Integers are rounded, unless the values are `Whole`; what is outside their range becomes the nearest they can
 * hold, and what is no number 0.
 *
 * @returns how many values were outside the range, or no number
 */
template <typename T, bool Whole = false>
size_t storeAll(const double* PVAFLOW_RESTRICT values, T* PVAFLOW_RESTRICT target, size_t count) {
  if constexpr (std::is_floating_point_v<T>) {
    for (size_t i = 0; i < count; i++) target[i] = static_cast<T>(values[i]);
    return 0;
  } else {
    constexpr auto low = static_cast<double>(std::numeric_limits<T>::min());
    constexpr double above = sizeof(T) == 8 ? (low < 0 ? 9223372036854775808.0 : 18446744073709551616.0)
                                            : static_cast<double>(std::numeric_limits<T>::max()) + 1;
    int64_t held = 0;
    for (size_t i = 0; i < count; i++) {
      const double value = Whole ? values[i] : rounded(values[i]);
      const bool fits = value >= low && value < above;
      held += fits ? 1 : 0;
      const T nearest = value >= above ? std::numeric_limits<T>::max() : value < low ? std::numeric_limits<T>::min() : T{0};
      target[i] = fits ? asInteger<T>(fits ? value : low) : nearest;
    }
    return count - static_cast<size_t>(held);
  }
}

}  // namespace pvaflow::image
