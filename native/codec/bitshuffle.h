#pragma once
#include "bytes.h"

namespace pvaflow::codec {

/**
 * bitshuffle with LZ4, areaDetector's codec "bslz4": blocks of as many elements as make 8 KiB, each with its bits transposed and
 * compressed by LZ4, its compressed length (4 bytes, big-endian) before it; the last, shorter block has a multiple of eight
 * elements; up to seven elements at the end are as they were. No header.
 * https://github.com/kiyo-masui/bitshuffle
 */
size_t bitshuffleLz4Bound(size_t bytes, size_t elementSize);
size_t encodeBitshuffleLz4(Input source, Output target, size_t elementSize);

/** The same, or with the header of HDF5's filter 32008 before it (length of all, bytes of a block), which some sources leave there. */
void decodeBitshuffleLz4(Input source, Output target, size_t elementSize);

/** The same with blocks that Zstandard compressed, as that filter writes them too. */
void decodeBitshuffleZstd(Input source, Output target, size_t elementSize);

}  // namespace pvaflow::codec
