#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include "views.h"

namespace pvaflow {

/**
 * A field with its name and type, for printing: { name, type, id } and, for scalars and arrays of scalars, `value`;
 * for others `members`: the fields of a structure, the selection of a union or any (none or one), the elements of an
 * array, null where there is nothing.
 */
Napi::Value treeOf(Napi::Env env, const std::string& name, const pvxs::Value& field, Views& views);

}  // namespace pvaflow
