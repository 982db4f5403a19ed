#pragma once
#include <pvxs/data.h>

namespace pvaflow {

/** The nesting that pvAccess peers accept on the wire. Nothing deeper is made, so that recursion has an end. */
constexpr int kMaxNesting = 20;

/** How many levels of structures, selections and elements a value has: 0 for a scalar. Stops counting beyond `limit`. */
int nestingOf(const pvxs::Value& value, int limit);

}  // namespace pvaflow
