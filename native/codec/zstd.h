#pragma once
#include "bytes.h"

namespace pvaflow::codec {

/** A frame of Zstandard (RFC 8878), as HDF5's filter 32015 writes it. */
size_t zstdBound(size_t bytes);
size_t encodeZstd(Input source, Output target, int level);
void decodeZstd(Input source, Output target);

}  // namespace pvaflow::codec
