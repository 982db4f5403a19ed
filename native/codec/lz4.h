#pragma once
#include "bytes.h"

namespace pvaflow::codec {

/** The longest that LZ4 can take at once. */
constexpr size_t kMaxLz4Bytes = 0x7E000000;

/** How much `bytes` bytes can become at most, as one block. */
size_t lz4Bound(size_t bytes);

/** One block without any frame around it, as areaDetector's codec "lz4". Returns the length. */
size_t encodeLz4(Input source, Output target);

/**
 * Fills `target` from one block, or from blocks with HDF5's header before them (which some sources leave there): no block begins
 * with the zeros of that header.
 */
void decodeLz4(Input source, Output target);

/** One block that becomes exactly as long as `target`. */
void decodeLz4Block(Input source, Output target);

/**
 * Blocks as HDF5's filter 32004 writes them, areaDetector's codec "lz4hdf5": the length of all (8 bytes, big-endian), the length
 * of a block (4), and for each block its compressed length (4) and data, which is as it was when it became no shorter.
 * https://github.com/dectris/HDF5Plugin/blob/master/HDF5_LZ4.pdf
 */
size_t lz4Hdf5Bound(size_t bytes, size_t blockSize);
size_t encodeLz4Hdf5(Input source, Output target, size_t blockSize);
void decodeLz4Hdf5(Input source, Output target);

/** HDF5's header before blocks of LZ4, with or without bitshuffle. */
struct Hdf5Header {
  static constexpr size_t kSize = 12;
  uint64_t total;
  uint32_t block;

  /** True if there may be one: four zeros are the begin of the length of anything below 4 GiB, and of no block. */
  static bool isAt(Input source);
  /** Reads it; refused unless it is for `expected` bytes. */
  static Hdf5Header read(Input source, size_t expected);
};

}  // namespace pvaflow::codec
