#include "digests.h"

#include <cstdint>
#include <new>
#include <stdexcept>

#include "../codec/library.h"
#include "../sealed/openssl.h"

namespace pvaflow::files {

namespace openssl = sealed::openssl;

namespace {

std::string hex(const unsigned char* bytes, size_t count) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (size_t i = 0; i < count; i++) (text += digits[bytes[i] >> 4]) += digits[bytes[i] & 15];
  return text;
}

class Xxh64 : public Digest {
 public:
  Xxh64() : state_(ZSTD_XXH64_createState(), ZSTD_XXH64_freeState) {
    if (!state_) throw std::bad_alloc();
    ZSTD_XXH64_reset(state_.get(), 0);
  }

  void add(const void* data, size_t size) override { ZSTD_XXH64_update(state_.get(), data, size); }

  std::string finish() override {
    const uint64_t value = ZSTD_XXH64_digest(state_.get());
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++) bytes[i] = static_cast<unsigned char>(value >> (56 - 8 * i));
    return hex(bytes, sizeof bytes);
  }

 private:
  std::unique_ptr<XXH64_state_s, int (*)(XXH64_state_s*)> state_;
};

class Sha256 : public Digest {
 public:
  Sha256() : context_(openssl::newDigest(), openssl::freeDigest) {
    if (!context_) throw std::bad_alloc();
    must(openssl::beginDigest(context_.get(), openssl::sha256()));
  }

  void add(const void* data, size_t size) override { must(openssl::updateDigest(context_.get(), data, size)); }

  std::string finish() override {
    unsigned char bytes[32];
    must(openssl::finishDigest(context_.get(), bytes));
    return hex(bytes, sizeof bytes);
  }

 private:
  static void must(bool succeeded) {
    if (!succeeded) throw std::runtime_error("OpenSSL refused to compute a checksum");
  }

  std::unique_ptr<openssl::DigestContext, void (*)(openssl::DigestContext*)> context_;
};

}  // namespace

std::unique_ptr<Digest> digestNamed(const std::string& algorithm) {
  if (algorithm == "xxh64") return std::make_unique<Xxh64>();
  if (algorithm == "sha256") return std::make_unique<Sha256>();
  throw std::invalid_argument("there is no checksum " + algorithm);
}

}  // namespace pvaflow::files
