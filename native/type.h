#pragma once
#include <napi.h>
#include <pvxs/data.h>

namespace pvaflow {

/**
 * A type as JavaScript writes it (see NativeTypeSpec in src/pva/native.ts) and as PVXS holds it.
 * Errors are TypeErrors that name the field by its path.
 */
pvxs::TypeDef typeFromSpec(const Napi::Value& spec);
Napi::Value specOfType(Napi::Env env, const pvxs::Value& prototype);

}  // namespace pvaflow
