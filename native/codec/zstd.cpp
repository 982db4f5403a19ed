#include "zstd.h"

#include "library.h"

namespace pvaflow::codec {

size_t zstdBound(size_t bytes) { return ZSTD_compressBound(bytes); }

size_t encodeZstd(Input source, Output target, int level) {
  const size_t written = ZSTD_compress(target.data, target.size, source.data, source.size, level);
  if (ZSTD_isError(written)) refuse("Zstandard cannot compress it");
  return written;
}

}  // namespace pvaflow::codec
