#pragma once
#include <cstddef>
#include <string>

namespace pvaflow::ca {

/** Text of at most `size` bytes, up to its first NUL, as UTF-8. What is not UTF-8 is taken for ISO 8859-1, as IOCs write °C. */
std::string textFromCa(const char* bytes, size_t size);

/** Without line ends, blanks and full stops at its end. */
std::string trimmed(std::string text);

}  // namespace pvaflow::ca
