#pragma once
#include <algorithm>
#include <array>

#include "pixels.h"
#include "store.h"
#include "vectorised.h"

namespace pvaflow::image {

/** Doubles that are computed before they are stored: so few that they stay in the processor's nearest cache. */
constexpr size_t kBlock = 1024;

/** Stores values from the element `first` on. @returns how many were clipped */
inline size_t storeBlock(const Pixels& target, size_t first, const double* values, size_t count) {
  return visit(target, [&](auto* to) { return vectorised<&storeAll<std::remove_pointer_t<decltype(to)>>>(values, to + first, count); });
}

/**
 * Computes all values of a target block by block, and stores each block: `compute(first, values, count)` has then read what it
 * needs, so the target may be what it computes from. Types of source and target meet between two loops, not within one: twenty
 * loops do instead of a hundred.
 *
 * @returns how many were clipped
 */
template <typename Compute>
size_t inBlocks(const Pixels& target, const Compute& compute) {
  std::array<double, kBlock> values;
  size_t clipped = 0;
  for (size_t first = 0; first < target.length; first += kBlock) {
    const size_t count = std::min(kBlock, target.length - first);
    compute(first, values.data(), count);
    clipped += storeBlock(target, first, values.data(), count);
  }
  return clipped;
}

}  // namespace pvaflow::image
