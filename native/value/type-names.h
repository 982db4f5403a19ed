#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <string>

namespace pvaflow {

/** The name of a scalar, string or any type in pvAccess' own words ("ubyte", "double[]"); of a compound its kind. */
std::string nameOfType(pvxs::TypeCode code);

/** The code of such a name; TypeCode::Null for names that are not known. */
pvxs::TypeCode typeOfName(const std::string& name);

/** Bytes of one element of a numeric array; 0 for other types. */
size_t elementSize(pvxs::TypeCode code);

/** The typed array that shows a numeric array type (not for boolean[] and string[]). */
napi_typedarray_type typedArrayType(pvxs::TypeCode code);

inline bool isNumericArray(pvxs::TypeCode code) {
  return code.isarray() && (code.kind() == pvxs::Kind::Integer || code.kind() == pvxs::Kind::Real);
}

}  // namespace pvaflow
