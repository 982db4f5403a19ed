#include "blosc-snappy.h"

#include <blosc.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "library.h"
#include "snappy.h"

namespace pvaflow::codec {

namespace {

constexpr size_t kMaxSplits = 16;
constexpr size_t kKiB = 1024;

/** A block is split into one stream for each byte of an element, where that leaves streams of some length. */
bool maySplit(size_t elementSize, size_t block) {
  return elementSize <= kMaxSplits && block / elementSize >= BloscHeader::kMinBuffer;
}

/** The length of a block, as c-blosc 1.21 chooses it for a compressor made for speed. */
size_t chooseBlock(size_t bytes, size_t elementSize, int level) {
  size_t block = bytes;
  if (bytes >= 32 * kKiB) {
    constexpr size_t sizes[] = {8, 16, 32, 64, 128, 128, 256, 256, 256, 256};
    block = sizes[level] * kKiB;
  }
  if (maySplit(elementSize, block)) block = std::clamp(std::min(block, 256 * kKiB) * elementSize, 64 * kKiB, 1024 * kKiB);
  block = std::min(block, bytes);
  return block > elementSize ? block / elementSize * elementSize : block;
}

enum class Filter { None, Bytes, Bits };

Filter filterOf(const BloscHeader& header, size_t blockBytes) {
  if ((header.flags & BloscHeader::kShuffle) && header.elementSize > 1) return Filter::Bytes;
  if ((header.flags & BloscHeader::kBitshuffle) && blockBytes >= header.elementSize) return Filter::Bits;
  return Filter::None;
}

size_t splitsOf(const BloscHeader& header, size_t blockBytes) {
  const bool isWhole = (header.flags & BloscHeader::kWhole) || blockBytes != header.block || !maySplit(header.elementSize, header.block);
  return isWhole ? 1 : header.elementSize;
}

/** One block at a time; the buffers are as long as the longest. */
class Blocks {
 public:
  explicit Blocks(const BloscHeader& header) : header_(header), shuffled_(header.block), scratch_(header.block) {}

  void decode(Input source, size_t from, Output block) {
    const Filter filter = filterOf(header_, block.size);
    const Output streams = filter == Filter::None ? block : Output{shuffled_.data(), block.size};
    const size_t split = block.size / splitsOf(header_, block.size);
    if (block.size % split != 0) refuse("its blocks cannot be split as its header of blosc says");
    for (size_t to = 0; to < block.size; to += split) from = decodeSplit(source, from, streams.part(to, split));
    if (filter == Filter::Bytes) blosc_internal_unshuffle(header_.elementSize, block.size, shuffled_.data(), block.data);
    if (filter != Filter::Bits) return;
    if (blosc_internal_bitunshuffle(header_.elementSize, block.size, shuffled_.data(), block.data, scratch_.data()) < 0)
      refuse("its bits cannot be put back into their order");
  }

  /** Returns where the next block may begin; 0 when there is no room. */
  size_t encode(Input block, Output target, size_t to) {
    const Input streams = filtered(block);
    const size_t split = block.size / splitsOf(header_, block.size);
    compressed_.resize(snappyBound(split));
    for (size_t from = 0; from < block.size && to > 0; from += split) to = encodeSplit(streams.part(from, split), target, to);
    return to;
  }

 private:
  static size_t decodeSplit(Input source, size_t from, Output stream) {
    if (from > source.size - 4) refuse("a block of its blosc data is beyond its end");
    const size_t length = littleEndian32(source.data + from);
    from += 4;
    if (length > source.size - from) refuse("a block of its blosc data reaches beyond its end");
    const Input input = source.part(from, length);
    if (length == stream.size) {
      std::memcpy(stream.data, input.data, length);
    } else {
      decodeSnappy(input, stream);
    }
    return from + length;
  }

  Input filtered(Input block) {
    switch (filterOf(header_, block.size)) {
      case Filter::Bytes: blosc_internal_shuffle(header_.elementSize, block.size, block.data, shuffled_.data()); break;
      case Filter::Bits:
        if (blosc_internal_bitshuffle(header_.elementSize, block.size, block.data, shuffled_.data(), scratch_.data()) < 0)
          refuse("its bits cannot be transposed");
        break;
      default: return block;
    }
    return {shuffled_.data(), block.size};
  }

  size_t encodeSplit(Input stream, Output target, size_t to) {
    to += 4;
    if (to >= target.size) return 0;
    const bool hasRoom = compressed_.size() <= target.size - to;
    const size_t length = hasRoom ? encodeSnappy(stream, {compressed_.data(), compressed_.size()}) : stream.size;
    if (length > target.size - to) return 0;
    std::memcpy(target.data + to, length == stream.size ? stream.data : compressed_.data(), length);
    putLittleEndian32(target.data + to - 4, static_cast<uint32_t>(length));
    return to + length;
  }

  const BloscHeader header_;
  std::vector<uint8_t> shuffled_;
  std::vector<uint8_t> scratch_;
  std::vector<uint8_t> compressed_;
};

size_t blocksOf(const BloscHeader& header) { return (header.total + size_t{header.block} - 1) / header.block; }

uint8_t flagsFor(const BloscSettings& settings, size_t elementSize, size_t block) {
  int flags = BloscHeader::kSnappy << 5;
  if (settings.shuffle == BLOSC_SHUFFLE) flags |= BloscHeader::kShuffle;
  if (settings.shuffle == BLOSC_BITSHUFFLE) flags |= BloscHeader::kBitshuffle;
  if (!maySplit(elementSize, block)) flags |= BloscHeader::kWhole;
  return static_cast<uint8_t>(flags);
}

/** Returns where the last block ends; 0 when the blocks need more room than a copy. */
size_t encodeBlocks(const BloscHeader& header, Input source, Output target) {
  const size_t count = blocksOf(header);
  size_t to = BloscHeader::kSize + 4 * count;
  if (to >= target.size) return 0;
  Blocks blocks(header);
  for (size_t i = 0; i < count && to > 0; i++) {
    putLittleEndian32(target.data + BloscHeader::kSize + 4 * i, static_cast<uint32_t>(to));
    const size_t from = i * header.block;
    to = blocks.encode(source.part(from, std::min<size_t>(header.block, source.size - from)), target, to);
  }
  return to;
}

}  // namespace

BloscHeader BloscHeader::read(Input source) {
  const uint8_t* at = source.data;
  return {at[0], at[1], at[2], at[3], littleEndian32(at + 4), littleEndian32(at + 8), littleEndian32(at + 12)};
}

void BloscHeader::write(uint8_t* to) const {
  to[0] = version;
  to[1] = formatVersion;
  to[2] = flags;
  to[3] = elementSize;
  putLittleEndian32(to + 4, total);
  putLittleEndian32(to + 8, block);
  putLittleEndian32(to + 12, compressed);
}

void decodeBloscSnappy(Input source, Output target) {
  const BloscHeader header = BloscHeader::read(source);
  const bool isSound = header.version == BLOSC_VERSION_FORMAT && !(header.flags & BloscHeader::kReserved) && header.elementSize > 0 &&
                       header.block > 0 && header.block <= target.size;
  const size_t count = isSound ? blocksOf(header) : 0;
  if (!isSound || count > (source.size - BloscHeader::kSize) / 4) refuse("its header of blosc is damaged");
  Blocks blocks(header);
  for (size_t i = 0; i < count; i++) {
    const size_t to = i * header.block;
    const size_t start = littleEndian32(source.data + BloscHeader::kSize + 4 * i);
    blocks.decode(source, start, target.part(to, std::min<size_t>(header.block, target.size - to)));
  }
}

size_t encodeBloscSnappy(Input source, Output target, size_t elementSize, const BloscSettings& settings) {
  const size_t block = chooseBlock(source.size, elementSize, settings.level);
  BloscHeader header{BLOSC_VERSION_FORMAT,
                     BLOSC_SNAPPY_VERSION_FORMAT,
                     flagsFor(settings, elementSize, block),
                     static_cast<uint8_t>(elementSize),
                     static_cast<uint32_t>(source.size),
                     static_cast<uint32_t>(block),
                     0};
  size_t length = encodeBlocks(header, source, target);
  if (length == 0) {
    header.flags |= BloscHeader::kCopied;
    length = BloscHeader::kSize + source.size;
    std::memcpy(target.data + BloscHeader::kSize, source.data, source.size);
  }
  header.compressed = static_cast<uint32_t>(length);
  header.write(target.data);
  return length;
}

}  // namespace pvaflow::codec
