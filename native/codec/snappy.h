#pragma once
#include "bytes.h"

namespace pvaflow::codec {

/**
 * Snappy, for blosc's compressor of that name: the library of c-blosc is built without it.
 * https://github.com/google/snappy/blob/main/format_description.txt
 */
size_t snappyBound(size_t bytes);
/** `target` must have snappyBound() bytes. Returns the length. */
size_t encodeSnappy(Input source, Output target);
/** What comes out must have the length of `target`. */
void decodeSnappy(Input source, Output target);

}  // namespace pvaflow::codec
