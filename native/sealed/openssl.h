#pragma once
/**
 * The part of OpenSSL's interface that is used: that of the OpenSSL which Node itself is linked with, found while running,
 * because a build needs no headers of it then. Source of the declarations: https://docs.openssl.org/3.0/man3/EVP_EncryptInit/.
 */
#include <dlfcn.h>

#include <cstddef>
#include <stdexcept>
#include <string>

struct evp_cipher_st;
struct evp_cipher_ctx_st;
struct evp_md_st;
struct evp_md_ctx_st;
struct engine_st;

namespace pvaflow::sealed::openssl {

using Cipher = evp_cipher_st;
using Context = evp_cipher_ctx_st;
using DigestContext = evp_md_ctx_st;

constexpr int getTag = 0x10;  // EVP_CTRL_AEAD_GET_TAG
constexpr int setTag = 0x11;  // EVP_CTRL_AEAD_SET_TAG

template <typename Function>
Function* find(const char* name) {
  auto* found = reinterpret_cast<Function*>(dlsym(RTLD_DEFAULT, name));
  if (!found) throw std::runtime_error(std::string("this program has no OpenSSL with ") + name);
  return found;
}

inline Context* newContext() {
  static auto* const function = find<Context*()>("EVP_CIPHER_CTX_new");
  return function();
}
inline void freeContext(Context* context) {
  static auto* const function = find<void(Context*)>("EVP_CIPHER_CTX_free");
  function(context);
}
inline const Cipher* aes256Gcm() {
  static auto* const function = find<const Cipher*()>("EVP_aes_256_gcm");
  return function();
}
inline const Cipher* chacha20Poly1305() {
  static auto* const function = find<const Cipher*()>("EVP_chacha20_poly1305");
  return function();
}
inline bool init(Context* context, const Cipher* cipher, const unsigned char* key, const unsigned char* nonce, int encrypt) {
  static auto* const function =
      find<int(Context*, const Cipher*, void*, const unsigned char*, const unsigned char*, int)>("EVP_CipherInit_ex");
  return function(context, cipher, nullptr, key, nonce, encrypt) == 1;
}
inline bool update(Context* context, unsigned char* out, int* written, const unsigned char* in, int size) {
  static auto* const function =
      find<int(Context*, unsigned char*, int*, const unsigned char*, int)>("EVP_CipherUpdate");
  return function(context, out, written, in, size) == 1;
}
inline bool finish(Context* context, unsigned char* out, int* written) {
  static auto* const function = find<int(Context*, unsigned char*, int*)>("EVP_CipherFinal_ex");
  return function(context, out, written) == 1;
}
inline bool control(Context* context, int what, int size, void* data) {
  static auto* const function = find<int(Context*, int, int, void*)>("EVP_CIPHER_CTX_ctrl");
  return function(context, what, size, data) == 1;
}

inline DigestContext* newDigest() {
  static auto* const function = find<DigestContext*()>("EVP_MD_CTX_new");
  return function();
}
inline void freeDigest(DigestContext* context) {
  static auto* const function = find<void(DigestContext*)>("EVP_MD_CTX_free");
  function(context);
}
inline const evp_md_st* sha256() {
  static auto* const function = find<const evp_md_st*()>("EVP_sha256");
  return function();
}
inline bool beginDigest(DigestContext* context, const evp_md_st* digest) {
  static auto* const function = find<int(DigestContext*, const evp_md_st*, engine_st*)>("EVP_DigestInit_ex");
  return function(context, digest, nullptr) == 1;
}
inline bool updateDigest(DigestContext* context, const void* data, size_t size) {
  static auto* const function = find<int(DigestContext*, const void*, size_t)>("EVP_DigestUpdate");
  return function(context, data, size) == 1;
}
inline bool finishDigest(DigestContext* context, unsigned char* out) {
  static auto* const function = find<int(DigestContext*, unsigned char*, unsigned*)>("EVP_DigestFinal_ex");
  return function(context, out, nullptr) == 1;
}

}  // namespace pvaflow::sealed::openssl
