#pragma once
#include <pvxs/data.h>

#include <string>

namespace pvaflow::stream {

/**
 * The record option by which a client tells where it likes to have large arrays (native/shared). Only a server of ours knows it, and only
 * one that finds that memory uses it.
 */
constexpr char kOffer[] = "shared";

/** A pvRequest wants all fields. Of another a server may leave out what it has put into the memory already. */
bool wantsAll(const pvxs::Value& request);

/** The pvRequest with the offer of a memory. */
pvxs::Value withOffer(const pvxs::Value& request, const std::string& address);

}  // namespace pvaflow::stream
