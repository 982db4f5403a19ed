#pragma once
#include <napi.h>

#include <exception>
#include <string>

namespace pvaflow {

/** The PVAFLOW_ code for what a PVXS client threw, and its text. */
struct ClientFailure {
  const char* code;
  std::string text;
};

ClientFailure failureOf(const std::exception_ptr& error);

/** A JavaScript error with a PVAFLOW_ code, made but not thrown. */
Napi::Value makeError(Napi::Env env, const ClientFailure& failure);

}  // namespace pvaflow
