#pragma once
#include "blosc.h"
#include "bytes.h"

namespace pvaflow::codec {

/** The first 16 bytes of a chunk of blosc. */
struct BloscHeader {
  static constexpr size_t kSize = 16;
  static constexpr size_t kMinBuffer = 128;  // anything shorter is copied, and no split is shorter
  static constexpr int kSnappy = 2;
  enum Flag : uint8_t { kShuffle = 0x01, kCopied = 0x02, kBitshuffle = 0x04, kReserved = 0x08, kWhole = 0x10 };

  uint8_t version;
  uint8_t formatVersion;
  uint8_t flags;
  uint8_t elementSize;
  uint32_t total;
  uint32_t block;
  uint32_t compressed;

  int format() const { return flags >> 5; }
  bool isCopy() const { return (flags & kCopied) != 0; }

  /** `source` has kSize bytes. */
  static BloscHeader read(Input source);
  void write(uint8_t* to) const;
  static void setFormat(uint8_t* chunk, int format) { chunk[2] = static_cast<uint8_t>((chunk[2] & 0x1f) | format << 5); }
};

/**
 * Chunks of blosc with the compressor Snappy, as c-blosc 1.21 makes and reads them when it is built with Snappy: the library
 * that we have is not. The header was checked against both lengths; the chunk is no copy.
 */
void decodeBloscSnappy(Input source, Output target);
/** `source` has kMinBuffer bytes at least, the level is above 0, `target` has bloscBound() bytes. */
size_t encodeBloscSnappy(Input source, Output target, size_t elementSize, const BloscSettings& settings);

}  // namespace pvaflow::codec
