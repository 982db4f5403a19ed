#pragma once
#include <pvxs/data.h>

#include <string>

namespace pvaflow {

/**
 * PVXS 1.5 reads the elements of a union[] as what they select, yet writes them as unions: sent on as they came, they
 * break the stream. True where `field` holds such elements, at any depth, so that it has to be copied element by element.
 */
bool needsRewrite(const pvxs::Value& field);

/** The name of the member that an element of a union[] as PVXS reads it stands for; empty if it is a union indeed. */
std::string memberOfRawElement(const pvxs::Value& unionArray, const pvxs::Value& element);

}  // namespace pvaflow
