#include "lz4.h"

#include <algorithm>
#include <cstring>

#include "library.h"

namespace pvaflow::codec {

namespace {

/** One gigabyte, as areaDetector and the filter of HDF5 have it. */
constexpr size_t kDefaultBlock = size_t{1} << 30;

const char* chars(const uint8_t* bytes) { return reinterpret_cast<const char*>(bytes); }
char* chars(uint8_t* bytes) { return reinterpret_cast<char*>(bytes); }

int length(size_t bytes) {
  if (bytes > kMaxLz4Bytes) refuse("LZ4 takes " + inBytes(kMaxLz4Bytes) + " at once, this would be " + inBytes(bytes));
  return static_cast<int>(bytes);
}

size_t blockOr(size_t blockSize, size_t bytes) { return std::min(blockSize == 0 ? kDefaultBlock : blockSize, bytes); }

}  // namespace

size_t lz4Bound(size_t bytes) { return static_cast<size_t>(LZ4_compressBound(length(bytes))); }

size_t encodeLz4(Input source, Output target) {
  const int room = static_cast<int>(std::min<size_t>(target.size, INT32_MAX));
  const int written = LZ4_compress_default(chars(source.data), chars(target.data), length(source.size), room);
  if (written <= 0) refuse("LZ4 cannot compress " + inBytes(source.size));
  return static_cast<size_t>(written);
}

void decodeLz4Block(Input source, Output target) {
  if (source.size > INT32_MAX) refuse("a block of LZ4 cannot have " + inBytes(source.size));
  const int written = LZ4_decompress_safe(chars(source.data), chars(target.data), static_cast<int>(source.size), length(target.size));
  if (written < 0) refuse("its LZ4 data is damaged, or holds more than the " + inBytes(target.size) + " that were announced");
  if (static_cast<size_t>(written) != target.size)
    refuse("its LZ4 data holds " + inBytes(written) + ", " + inBytes(target.size) + " were announced");
}

void decodeLz4(Input source, Output target) {
  if (Hdf5Header::isAt(source)) return decodeLz4Hdf5(source, target);
  decodeLz4Block(source, target);
}

bool Hdf5Header::isAt(Input source) {
  return source.size >= kSize && bigEndian32(source.data) == 0;
}

Hdf5Header Hdf5Header::read(Input source, size_t expected) {
  if (source.size < kSize) refuse("it has " + inBytes(source.size) + ", less than the header of HDF5's blocks");
  const Hdf5Header header{bigEndian64(source.data), bigEndian32(source.data + 8)};
  if (header.total != expected)
    refuse("its header is for " + inBytes(header.total) + ", " + inBytes(expected) + " were announced");
  if (header.block == 0) refuse("its header says that blocks have no bytes");
  return header;
}

size_t lz4Hdf5Bound(size_t bytes, size_t blockSize) {
  const size_t block = blockOr(blockSize, bytes);
  const size_t blocks = (bytes + block - 1) / block;
  return Hdf5Header::kSize + blocks * (4 + lz4Bound(block));
}

size_t encodeLz4Hdf5(Input source, Output target, size_t blockSize) {
  const size_t block = blockOr(blockSize, source.size);
  putBigEndian64(target.data, source.size);
  putBigEndian32(target.data + 8, static_cast<uint32_t>(block));
  size_t to = Hdf5Header::kSize;
  for (size_t from = 0; from < source.size; from += block) {
    const Input input = source.part(from, std::min(block, source.size - from));
    size_t written = encodeLz4(input, target.part(to + 4, target.size - to - 4));
    if (written >= input.size) {
      written = input.size;
      std::memcpy(target.data + to + 4, input.data, input.size);
    }
    putBigEndian32(target.data + to, static_cast<uint32_t>(written));
    to += 4 + written;
  }
  return to;
}

void decodeLz4Hdf5(Input source, Output target) {
  const Hdf5Header header = Hdf5Header::read(source, target.size);
  size_t from = Hdf5Header::kSize;
  for (size_t to = 0; to < target.size;) {
    const Output output = target.part(to, std::min<size_t>(header.block, target.size - to));
    if (source.size - from < 4) refuse("it ends after " + inBytes(to) + " of " + inBytes(target.size));
    const size_t compressed = bigEndian32(source.data + from);
    from += 4;
    if (compressed > source.size - from) refuse("it ends within a block, after " + inBytes(to) + " of " + inBytes(target.size));
    const Input input = source.part(from, compressed);
    if (compressed == output.size) {
      std::memcpy(output.data, input.data, compressed);
    } else {
      decodeLz4Block(input, output);
    }
    from += compressed;
    to += output.size;
  }
  if (from != source.size) refuse("it has " + inBytes(source.size - from) + " after its last block");
}

}  // namespace pvaflow::codec
