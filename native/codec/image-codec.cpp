#include "image-codec.h"

#include "bitshuffle.h"
#include "lz4.h"
#include "zlib.h"
#include "zstd.h"

namespace pvaflow::codec {

Codec codecNamed(const std::string& name) {
  if (name == "zlib") return Codec::Zlib;
  if (name == "lz4") return Codec::Lz4;
  if (name == "lz4hdf5") return Codec::Lz4Hdf5;
  if (name == "bslz4") return Codec::Bslz4;
  if (name == "blosc") return Codec::Blosc;
  if (name == "zstd") return Codec::Zstd;
  if (name == "bszstd") return Codec::Bszstd;
  refuse("there is no codec " + name);
}

size_t bound(const Settings& settings, size_t bytes, size_t elementSize) {
  switch (settings.codec) {
    case Codec::Zlib: return zlibBound(bytes);
    case Codec::Lz4: return lz4Bound(bytes);
    case Codec::Lz4Hdf5: return lz4Hdf5Bound(bytes, settings.blockSize);
    case Codec::Bslz4: return bitshuffleLz4Bound(bytes, elementSize);
    case Codec::Zstd: return zstdBound(bytes);
    default: return bloscBound(bytes);
  }
}

size_t encode(const Settings& settings, Input source, Output target, size_t elementSize) {
  switch (settings.codec) {
    case Codec::Zlib: return encodeZlib(source, target, settings.level);
    case Codec::Lz4: return encodeLz4(source, target);
    case Codec::Lz4Hdf5: return encodeLz4Hdf5(source, target, settings.blockSize);
    case Codec::Bslz4: return encodeBitshuffleLz4(source, target, elementSize);
    case Codec::Zstd: return encodeZstd(source, target, settings.level);
    case Codec::Bszstd: refuse("bitshuffle with Zstandard is only decoded");
    default: return encodeBlosc(source, target, elementSize, settings.blosc);
  }
}

void decode(Codec codec, Input source, Output target, size_t elementSize, int threads) {
  switch (codec) {
    case Codec::Zlib: return decodeZlib(source, target);
    case Codec::Lz4: return decodeLz4(source, target);
    case Codec::Lz4Hdf5: return decodeLz4Hdf5(source, target);
    case Codec::Bslz4: return decodeBitshuffleLz4(source, target, elementSize);
    case Codec::Zstd: return decodeZstd(source, target);
    case Codec::Bszstd: return decodeBitshuffleZstd(source, target, elementSize);
    default: return decodeBlosc(source, target, threads);
  }
}

}  // namespace pvaflow::codec
