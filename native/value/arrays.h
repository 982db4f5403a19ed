#pragma once
#include <pvxs/data.h>

namespace pvaflow {

using Array = pvxs::shared_array<const void>;
using ValueArray = pvxs::shared_array<const pvxs::Value>;

/** A new array of `count` elements, not set, of a numeric type or of booleans. */
pvxs::shared_array<void> newNumericArray(pvxs::TypeCode code, size_t count);

/** The same of a numeric type, all zero, without touching the memory. Throws std::bad_alloc. */
pvxs::shared_array<void> zeroArray(pvxs::TypeCode code, size_t count);

/** The bytes of all arrays that stand behind a value. */
size_t arrayBytes(const pvxs::Value& value);

}  // namespace pvaflow
