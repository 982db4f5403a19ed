#pragma once
#include <napi.h>

#include <new>
#include <string>

namespace pvaflow {

/** Throws a JavaScript Error with a PVAFLOW_ code: a PvaflowError once src/pva/native.ts has handed that class down. */
[[noreturn]] void fail(Napi::Env env, const char* code, const std::string& message);

/** JavaScript's `setErrorClass(errorClass)`: `new errorClass(code, message)` is what fail() throws from then on. */
Napi::Value setErrorClass(const Napi::CallbackInfo& info);

/** Runs `body`; what PVXS throws leaves as a JavaScript error with `code`. For every entry from JavaScript. */
template <typename Body>
auto guarded(Napi::Env env, const char* code, Body&& body) -> decltype(body()) {
  try {
    return body();
  } catch (const Napi::Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    fail(env, "PVAFLOW_MEMORY", "there is not enough memory");
  } catch (const std::exception& error) {
    fail(env, code, error.what());
  }
}

}  // namespace pvaflow
