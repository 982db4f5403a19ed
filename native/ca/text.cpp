#include "text.h"

#include <cstring>

namespace pvaflow::ca {

namespace {

/** Bytes of the character that begins with `lead`; 0 where none does. */
size_t lengthFrom(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

bool isUtf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const size_t length = lengthFrom(static_cast<unsigned char>(text[i]));
    if (length == 0 || i + length > text.size()) return false;
    for (size_t next = 1; next < length; next++) {
      if ((static_cast<unsigned char>(text[i + next]) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

std::string fromLatin1(const std::string& text) {
  std::string utf8;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < 0x80) {
      utf8 += character;
    } else {
      utf8 += static_cast<char>(0xC0 | (byte >> 6));
      utf8 += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return utf8;
}

}  // namespace

std::string textFromCa(const char* bytes, size_t size) {
  const void* end = std::memchr(bytes, 0, size);
  const std::string text(bytes, end ? static_cast<size_t>(static_cast<const char*>(end) - bytes) : size);
  return isUtf8(text) ? text : fromLatin1(text);
}

std::string trimmed(std::string text) {
  text.resize(text.find_last_not_of(" .\n") + 1);  // npos + 1 is 0
  return text;
}

}  // namespace pvaflow::ca
