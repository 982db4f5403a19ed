#pragma once
#include <pvxs/data.h>

#include <string>

namespace pvaflow::stream {

/** A pvRequest wants all fields. Of another a server may leave out what it has put into the memory already. */
bool wantsAll(const pvxs::Value& request);

/** The pvRequest with the offer of a memory, by the option of native/shared. */
pvxs::Value withOffer(const pvxs::Value& request, const std::string& address);

}  // namespace pvaflow::stream
