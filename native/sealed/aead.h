#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "openssl.h"
#include "stream/pieces.h"

namespace pvaflow::sealed {

/** Authenticated encryption with one key, in one direction. One thread at a time. */
class Aead {
 public:
  enum class Direction { open = 0, seal = 1 };

  static constexpr size_t keySize = 32;
  static constexpr size_t nonceSize = 12;
  static constexpr size_t tagSize = 16;
  /** Of one message: what AES-GCM allows, 2^36 - 32 bytes. */
  static constexpr uint64_t longest = (uint64_t(1) << 36) - 32;

  struct Bytes {
    const unsigned char* data;
    size_t size;
  };

  /** `cipher` is aes-256-gcm or chacha20-poly1305. Throws std::invalid_argument for others. */
  Aead(const std::string& cipher, const unsigned char* key, Direction direction);

  /** Writes as many bytes as `content` has, and the tag. */
  void seal(const unsigned char* nonce, Bytes associated, const stream::Pieces& content, unsigned char* out);

  /** `sealed` ends with the tag. False if it is not what was sealed; then nothing in `out` may be looked at. */
  bool open(const unsigned char* nonce, Bytes associated, Bytes sealed, unsigned char* out);

 private:
  struct Free {
    void operator()(openssl::Context* context) const { openssl::freeContext(context); }
  };

  void begin(const unsigned char* nonce, Bytes associated);
  void add(unsigned char* out, const unsigned char* in, size_t size);

  std::unique_ptr<openssl::Context, Free> context_;  // has the key, and wipes it when it is freed
};

}  // namespace pvaflow::sealed
