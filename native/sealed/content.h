#pragma once
#include <pvxs/data.h>

#include <memory>

#include "stream/pieces.h"
#include "stream/value-writer.h"

namespace pvaflow::sealed {

/**
 * What is encrypted: a value with its type. See docs/reference/encryption-format.md.
 *
 *     byte   0     byte order of what follows: 0 little-endian, 1 big-endian
 *            1     count of zeros before the value, so that the largest array is aligned for who does not copy it
 *            2, 3  0
 *            4     length of the description of the type, 32 bits
 *            8     the description, the zeros, the value, as pvAccess has them on the wire
 */
stream::Pieces contentOf(const pvxs::Value& value, const stream::ArrayContents& contents);

/** Memory to decrypt into, so aligned that arrays need not be copied out of it. Throws std::bad_alloc. */
std::shared_ptr<char> newContent(size_t length);

/** The value. Large arrays stay where they are in `content`. Throws stream::Malformed, and what PVXS throws. */
pvxs::Value valueOf(const std::shared_ptr<const char>& content, size_t length);

}  // namespace pvaflow::sealed
