#pragma once
#include <string>

#include "bytes.h"

namespace pvaflow::codec {

/** Settings of c-blosc 1, in its own terms. */
struct BloscSettings {
  std::string compressor;  // blosclz, lz4, lz4hc, snappy, zlib, zstd
  int level;               // 0 to 9
  int shuffle;             // 0 none, 1 bytes, 2 bits
  int threads;
};

/**
 * A chunk of c-blosc 1, areaDetector's codec "blosc".
 * https://github.com/Blosc/c-blosc/blob/main/README_CHUNK_FORMAT.rst
 */
size_t bloscBound(size_t bytes);
size_t encodeBlosc(Input source, Output target, size_t elementSize, const BloscSettings& settings);
void decodeBlosc(Input source, Output target, int threads);

}  // namespace pvaflow::codec
