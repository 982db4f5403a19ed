#pragma once
#include <cadef.h>
#include <napi.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "ca/layout.h"

namespace pvaflow::ca {

/** What JavaScript wants to put: numbers or texts, one or several. */
struct PutData {
  std::vector<double> numbers;
  std::vector<std::string> texts;
  bool array = false;
};

/** A number, bigint, boolean, string, typed array, or an array of these. Throws PVAFLOW_VALUE_TYPE for other data. */
PutData putDataFrom(const Napi::Value& value);

/** A value as ca_array_put() takes it. */
struct PutBuffer {
  chtype type;
  unsigned long count;
  std::vector<char> bytes;
};

/** The channel cannot hold the value. */
struct PutRefused : std::runtime_error {
  PutRefused(const char* why, const std::string& text) : std::runtime_error(text), code(why) {}
  const char* code;
};

/**
 * The data in the type of the channel. Numbers must fit it; a text goes to a numeric channel as it is (the server reads it,
 * or finds the choice of that name) and to an array of DBF_CHAR with its NUL. Throws PutRefused.
 */
PutBuffer encode(const PutData& data, const Layout& layout);

}  // namespace pvaflow::ca
