#include "bitshuffle.h"

#include <algorithm>
#include <cstring>
#include <vector>

#include "library.h"
#include "lz4.h"
#include "zstd.h"

namespace pvaflow::codec {

namespace {

constexpr size_t kMultiple = 8;  // of elements: their bits are transposed eight by eight
constexpr size_t kTargetBytes = 8192;
constexpr size_t kMinElements = 128;
constexpr size_t kMaxBlockBytes = size_t{1} << 26;  // what a header may ask for

/** Elements of a block where nobody says another number. It never changes: nothing in the data says what it was. */
size_t defaultBlock(size_t elementSize) {
  return std::max(kTargetBytes / elementSize / kMultiple * kMultiple, kMinElements);
}

size_t lastBlock(size_t elements, size_t block) { return elements % block / kMultiple * kMultiple; }

size_t blockOfHeader(const Hdf5Header& header, size_t elementSize) {
  const size_t elements = header.block / elementSize;
  const bool fits = header.block % elementSize == 0 && elements % kMultiple == 0 && elements > 0 && header.block <= kMaxBlockBytes;
  if (!fits) refuse("its header says that blocks have " + inBytes(header.block) + ", elements " + inBytes(elementSize));
  return elements;
}

/** True if HDF5's header stands before the blocks. Fewer elements than make a block are as they were: the length tells. */
bool hasHeader(Input source, Output target, size_t elements) {
  if (elements < kMultiple) return source.size == Hdf5Header::kSize + target.size;
  return Hdf5Header::isAt(source);
}

/** Undoes the compression of a block, and fills all of its target. */
using DecodeBlock = void (*)(Input source, Output target);

/** Reads blocks one after another into an output. */
class Decoder {
 public:
  Decoder(Input source, Output target, size_t elementSize, size_t blockBytes, DecodeBlock decodeBlock)
      : source_(source),
        target_(target),
        elementSize_(elementSize),
        decodeBlock_(decodeBlock),
        shuffled_(blockBytes),
        scratch_(blockBytes) {}

  void block(size_t bytes) {
    if (source_.size - from_ < 4) refuse("it ends after " + inBytes(to_) + " of " + inBytes(target_.size));
    const size_t compressed = bigEndian32(source_.data + from_);
    from_ += 4;
    if (compressed > source_.size - from_) refuse("it ends within a block, after " + inBytes(to_) + " of " + inBytes(target_.size));
    decodeBlock_(source_.part(from_, compressed), {shuffled_.data(), bytes});
    if (blosc_internal_bitunshuffle(elementSize_, bytes, shuffled_.data(), target_.data + to_, scratch_.data()) < 0)
      refuse("its bits cannot be put back into their order");
    from_ += compressed;
    to_ += bytes;
  }

  /** The elements after the last block. */
  void rest() {
    const size_t bytes = target_.size - to_;
    if (source_.size - from_ != bytes)
      refuse("it has " + inBytes(source_.size - from_) + " after its last block instead of " + std::to_string(bytes));
    if (bytes > 0) std::memcpy(target_.data + to_, source_.data + from_, bytes);
  }

 private:
  Input source_;
  Output target_;
  size_t elementSize_;
  DecodeBlock decodeBlock_;
  std::vector<uint8_t> shuffled_;
  std::vector<uint8_t> scratch_;
  size_t from_ = 0;
  size_t to_ = 0;
};

void decodeBitshuffle(Input source, Output target, size_t elementSize, DecodeBlock decodeBlock) {
  const size_t elements = target.size / elementSize;
  size_t block = defaultBlock(elementSize);
  if (hasHeader(source, target, elements)) {
    block = blockOfHeader(Hdf5Header::read(source, target.size), elementSize);
    source = source.part(Hdf5Header::kSize, source.size - Hdf5Header::kSize);
  }
  Decoder decoder(source, target, elementSize, std::min(block, elements) * elementSize, decodeBlock);
  for (size_t i = 0; i < elements / block; i++) decoder.block(block * elementSize);
  if (const size_t last = lastBlock(elements, block)) decoder.block(last * elementSize);
  decoder.rest();
}

}  // namespace

size_t bitshuffleLz4Bound(size_t bytes, size_t elementSize) {
  const size_t elements = bytes / elementSize;
  const size_t block = defaultBlock(elementSize);
  const size_t blocks = elements / block + 1;
  return blocks * (4 + lz4Bound(block * elementSize)) + kMultiple * elementSize;
}

size_t encodeBitshuffleLz4(Input source, Output target, size_t elementSize) {
  const size_t elements = source.size / elementSize;
  const size_t block = defaultBlock(elementSize);
  std::vector<uint8_t> shuffled(block * elementSize);
  std::vector<uint8_t> scratch(block * elementSize);
  size_t from = 0;
  size_t to = 0;
  const auto add = [&](size_t count) {
    const size_t bytes = count * elementSize;
    if (blosc_internal_bitshuffle(elementSize, bytes, source.data + from, shuffled.data(), scratch.data()) < 0)
      refuse("its bits cannot be transposed");
    const size_t written = encodeLz4({shuffled.data(), bytes}, target.part(to + 4, target.size - to - 4));
    putBigEndian32(target.data + to, static_cast<uint32_t>(written));
    from += bytes;
    to += 4 + written;
  };
  for (size_t i = 0; i < elements / block; i++) add(block);
  if (const size_t last = lastBlock(elements, block)) add(last);
  std::memcpy(target.data + to, source.data + from, source.size - from);
  return to + source.size - from;
}

void decodeBitshuffleLz4(Input source, Output target, size_t elementSize) {
  decodeBitshuffle(source, target, elementSize, decodeLz4Block);
}

void decodeBitshuffleZstd(Input source, Output target, size_t elementSize) {
  decodeBitshuffle(source, target, elementSize, decodeZstd);
}

}  // namespace pvaflow::codec
