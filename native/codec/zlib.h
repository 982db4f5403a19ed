#pragma once
#include "bytes.h"

namespace pvaflow::codec {

/** A stream of zlib (RFC 1950), areaDetector's codec "zlib". `level` is 0 to 9. */
size_t zlibBound(size_t bytes);
size_t encodeZlib(Input source, Output target, int level);
void decodeZlib(Input source, Output target);

}  // namespace pvaflow::codec
