#pragma once
#include "libevent.h"

namespace pvaflow::transport {

/** This thread has just committed bytes to `buffer`: a request for more space in it goes on with the same message. */
void committed(const evbuffer* buffer);

/** Room that the first piece of a message always has while an array is lent (references.cpp). */
constexpr size_t largeChunk = 64 * 1024 - 64;  // with libevent's own header just below a power of two

}  // namespace pvaflow::transport
