#include "aead.h"

#include <algorithm>

namespace pvaflow::sealed {

namespace {

constexpr size_t kMostAtOnce = 1 << 30;  // OpenSSL counts in int

void must(bool succeeded) {
  if (!succeeded) throw std::runtime_error("OpenSSL refused to encrypt or decrypt");
}

const openssl::Cipher* cipherOf(const std::string& name) {
  if (name == "aes-256-gcm") return openssl::aes256Gcm();
  if (name == "chacha20-poly1305") return openssl::chacha20Poly1305();
  throw std::invalid_argument("there is no cipher " + name);
}

}  // namespace

Aead::Aead(const std::string& cipher, const unsigned char* key, Direction direction) : context_(openssl::newContext()) {
  must(context_ != nullptr);
  must(openssl::init(context_.get(), cipherOf(cipher), key, nullptr, static_cast<int>(direction)));
}

void Aead::seal(const unsigned char* nonce, Bytes associated, const stream::Pieces& content, unsigned char* out) {
  if (content.length() > longest) throw std::invalid_argument("the object is too large to be encrypted");
  begin(nonce, associated);
  content.each([&](const void* data, size_t size) {
    add(out, static_cast<const unsigned char*>(data), size);
    out += size;
  });
  int none = 0;
  must(openssl::finish(context_.get(), out, &none));
  must(openssl::control(context_.get(), openssl::getTag, tagSize, out));
}

bool Aead::open(const unsigned char* nonce, Bytes associated, Bytes sealed, unsigned char* out) {
  if (sealed.size < tagSize || sealed.size - tagSize > longest) return false;
  const size_t size = sealed.size - tagSize;
  begin(nonce, associated);
  add(out, sealed.data, size);
  unsigned char tag[tagSize];
  std::copy_n(sealed.data + size, tagSize, tag);
  must(openssl::control(context_.get(), openssl::setTag, tagSize, tag));
  int none = 0;
  return openssl::finish(context_.get(), out + size, &none);
}

void Aead::begin(const unsigned char* nonce, Bytes associated) {
  must(openssl::init(context_.get(), nullptr, nullptr, nonce, -1));  // the key and the direction stay
  add(nullptr, associated.data, associated.size);
}

/** Without `out`: what is authenticated, but not encrypted. */
void Aead::add(unsigned char* out, const unsigned char* in, size_t size) {
  while (size > 0) {
    const size_t part = std::min(size, kMostAtOnce);
    int written = 0;
    must(openssl::update(context_.get(), out, &written, in, static_cast<int>(part)));
    if (out) out += part;
    in += part, size -= part;
  }
}

}  // namespace pvaflow::sealed
