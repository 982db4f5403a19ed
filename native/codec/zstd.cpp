#include "zstd.h"

#include "library.h"

namespace pvaflow::codec {

size_t zstdBound(size_t bytes) { return ZSTD_compressBound(bytes); }

size_t encodeZstd(Input source, Output target, int level) {
  const size_t written = ZSTD_compress(target.data, target.size, source.data, source.size, level);
  if (ZSTD_isError(written)) refuse("Zstandard cannot compress it");
  return written;
}

void decodeZstd(Input source, Output target) {
  const size_t written = ZSTD_decompress(target.data, target.size, source.data, source.size);
  if (ZSTD_isError(written)) refuse("its Zstandard data is damaged, or does not hold the " + inBytes(target.size) + " that were announced");
  if (written != target.size) refuse("its Zstandard data holds " + inBytes(written) + ", " + inBytes(target.size) + " were announced");
}

}  // namespace pvaflow::codec
