#pragma once
#include <napi.h>

namespace pvaflow::transport {

/** The export `transport` of the addon: `settings()` and `configure({ name: boolean, … })`. */
Napi::Object define(Napi::Env env);

}  // namespace pvaflow::transport
