#pragma once
#include <napi.h>

#include <string>

namespace pvaflow {

/** Throws a JavaScript Error whose `code` scripts and src/pva rely on. */
[[noreturn]] void fail(Napi::Env env, const char* code, const std::string& message);

/** Runs `body`; what PVXS throws leaves as a JavaScript error with `code`. For every entry from JavaScript. */
template <typename Body>
auto guarded(Napi::Env env, const char* code, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::exception& error) {
    fail(env, code, error.what());
  }
}

}  // namespace pvaflow
