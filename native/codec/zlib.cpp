#include "zlib.h"

#include "library.h"

namespace pvaflow::codec {

namespace {

constexpr int kOk = 0;

}  // namespace

size_t zlibBound(size_t bytes) { return compressBound(static_cast<unsigned long>(bytes)); }

size_t encodeZlib(Input source, Output target, int level) {
  auto written = static_cast<unsigned long>(target.size);
  const int status = compress2(target.data, &written, source.data, static_cast<unsigned long>(source.size), level);
  if (status != kOk) refuse("zlib cannot compress it (error " + std::to_string(status) + ")");
  return written;
}

void decodeZlib(Input source, Output target) {
  auto written = static_cast<unsigned long>(target.size);
  auto read = static_cast<unsigned long>(source.size);
  const int status = uncompress2(target.data, &written, source.data, &read);
  if (status != kOk)
    refuse("its zlib data is damaged, or does not hold the " + inBytes(target.size) + " that were announced (error " + std::to_string(status) + ")");
  if (written != target.size) refuse("its zlib data holds " + inBytes(written) + ", " + inBytes(target.size) + " were announced");
  if (read != source.size) refuse("it has " + inBytes(source.size - read) + " after its zlib data");
}

}  // namespace pvaflow::codec
