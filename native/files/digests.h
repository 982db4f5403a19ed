#pragma once
#include <cstddef>
#include <memory>
#include <string>

namespace pvaflow::files {

/** A checksum in the making. One thread at a time. */
class Digest {
 public:
  virtual ~Digest() = default;
  virtual void add(const void* data, size_t size) = 0;
  /** In hexadecimal digits, once. */
  virtual std::string finish() = 0;
};

/** Throws std::invalid_argument if there is none of the name. */
std::unique_ptr<Digest> digestNamed(const std::string& algorithm);

}  // namespace pvaflow::files
