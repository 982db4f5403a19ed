#pragma once
#include <pvxs/data.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "wire.h"

namespace pvaflow::stream {

/** One message to a server. */
class Output {
 public:
  Output(uint8_t command, bool bigEndian);

  template <typename T>
  Output& number(T value) {
    char bytes[sizeof(T)];
    std::memcpy(bytes, &value, sizeof(T));
    if (bigEndian_ != hostIsBigEndian) std::reverse(bytes, bytes + sizeof(T));
    bytes_.append(bytes, sizeof(T));
    return *this;
  }
  Output& size(size_t size);
  Output& text(const std::string& text);
  /** A type and the whole of a value. Of structures, numbers and texts, as requests and credentials are. */
  Output& typeAndValue(const pvxs::Value& value);
  /** The value that a server takes for none. */
  Output& nothing() { return number(wire::noType); }

  /** The message, complete. */
  std::string bytes() const;

 private:
  void type(const pvxs::Value& value);
  void contents(const pvxs::Value& value);

  const uint8_t command_;
  const bool bigEndian_;
  std::string bytes_;
};

}  // namespace pvaflow::stream
