#pragma once
#include <pvxs/data.h>

#include <cstddef>

namespace pvaflow::transport {

/**
 * Prepares an update for sending: each of its large numeric arrays (64 KiB and more) is replaced by a short stand-in, and
 * when PVXS writes the update to a connection the array itself is handed to the socket from where it lies, uncopied. The
 * bytes on the wire are the same. Does nothing where that is not possible or switched off.
 *
 * `update` must belong to the caller alone (a clone, with union members of its own) and must go nowhere but to PVXS'
 * server: whoever reads it in this process sees the stand-ins. It may be posted to several subscribers and sent any number
 * of times. The arrays are kept until it is gone and everything written is sent. Any thread.
 */
void lendArrays(pvxs::Value& update);

/** An update with arrays of `bytes` in all is worth the copy that lendArrays needs: some may be lent. */
bool mayLend(size_t bytes);

/** Some update with stand-ins exists. */
bool anythingLent();

}  // namespace pvaflow::transport
