#include "blosc.h"

#include <blosc.h>

#include "blosc-snappy.h"

namespace pvaflow::codec {

size_t bloscBound(size_t bytes) {
  if (bytes > BLOSC_MAX_BUFFERSIZE) refuse("blosc takes " + inBytes(BLOSC_MAX_BUFFERSIZE) + " at once, this would be " + inBytes(bytes));
  return bytes + BLOSC_MAX_OVERHEAD;
}

size_t encodeBlosc(Input source, Output target, size_t elementSize, const BloscSettings& settings) {
  const bool isSnappy = settings.compressor == BLOSC_SNAPPY_COMPNAME;
  if (isSnappy && settings.level > 0 && source.size >= BloscHeader::kMinBuffer)
    return encodeBloscSnappy(source, target, elementSize, settings);
  const char* const compressor = isSnappy ? BLOSC_LZ4_COMPNAME : settings.compressor.c_str();  // which only copies
  const int written = blosc_compress_ctx(settings.level, settings.shuffle, elementSize, source.size, source.data, target.data,
                                         target.size, compressor, 0, settings.threads);
  if (written <= 0) refuse("blosc cannot compress it (error " + std::to_string(written) + ")");
  if (isSnappy) BloscHeader::setFormat(target.data, BloscHeader::kSnappy);
  return static_cast<size_t>(written);
}

void decodeBlosc(Input source, Output target, int threads) {
  size_t total = 0;
  if (source.size < BloscHeader::kSize || blosc_cbuffer_validate(source.data, source.size, &total) != 0)
    refuse("its header of blosc is damaged, or is not for " + inBytes(source.size));
  if (total != target.size) refuse("its header is for " + inBytes(total) + ", " + inBytes(target.size) + " were announced");
  const BloscHeader header = BloscHeader::read(source);
  if (header.format() == BloscHeader::kSnappy && !header.isCopy()) return decodeBloscSnappy(source, target);
  const int written = blosc_decompress_ctx(source.data, target.data, target.size, threads);
  if (written < 0 || static_cast<size_t>(written) != target.size)
    refuse("its blosc data is damaged (" + std::to_string(written) + ")");
}

}  // namespace pvaflow::codec
