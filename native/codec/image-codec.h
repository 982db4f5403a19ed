#pragma once
#include <string>

#include "blosc.h"
#include "bytes.h"

namespace pvaflow::codec {

/** areaDetector's codecs whose pixels come back as they were; and for files Zstandard, and bitshuffle with it, which is only decoded. */
enum class Codec { Zlib, Lz4, Lz4Hdf5, Bslz4, Blosc, Zstd, Bszstd };

/** Throws Error for a name that is none of them. */
Codec codecNamed(const std::string& name);

/** How to encode; each codec reads what concerns it. */
struct Settings {
  Codec codec;
  int level = 0;         // zlib, zstd
  size_t blockSize = 0;  // lz4hdf5, in bytes; 0 for its default
  BloscSettings blosc;
};

/** What encode() may need at most. */
size_t bound(const Settings& settings, size_t bytes, size_t elementSize);

/** Returns the length. Any thread. Throws Error. */
size_t encode(const Settings& settings, Input source, Output target, size_t elementSize);

/** Fills all of `target` or throws Error. Any thread; reads nothing outside of `source` and writes nothing outside of `target`. */
void decode(Codec codec, Input source, Output target, size_t elementSize, int threads);

}  // namespace pvaflow::codec
