#pragma once
#include <napi.h>

#include <array>
#include <cstdint>

#include "pixels.h"

namespace pvaflow::image {

/** A way through the elements of an array: three loops, the slowest first. Steps may be negative, or 0 to repeat. */
struct Walk {
  int64_t offset;
  std::array<Loop, 3> loops;
};

/** Throws a RangeError if the way reaches beyond `length` elements, or has another number of elements than `count`. */
void mustLead(Napi::Env env, const Walk& walk, size_t length, double count);

/** Copies elements along a way, one after the other. All is of one type, and checked before. */
void gatherAlong(const Walk& walk, const Pixels& source, const Pixels& target);

}  // namespace pvaflow::image
