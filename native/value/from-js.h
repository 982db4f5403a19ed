#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <string>
#include <vector>

#include "path.h"
#include "views.h"

namespace pvaflow {

/** Where in a value a conversion is, as a chain on the stack: made into text only for messages. */
struct Where {
  Where() = default;
  Where(const Where& above, const std::string& field) : up(&above), name(&field), depth(above.depth + 1) {}
  Where(const Where& above, size_t element) : up(&above), index(element), depth(above.depth + 1) {}

  std::string text() const;

  const Where* up = nullptr;
  const std::string* name = nullptr;
  size_t index = 0;
  int depth = 0;
};

/** Throws with `code`: "field a.b: expected E, found F". */
[[noreturn]] void refuseValue(Napi::Env env, const char* code, const Where& where, const std::string& expected, const std::string& found);

/** A JavaScript value in a few words, for messages. */
std::string describe(const Napi::Value& value);

/** Puts a JavaScript value into a field and marks it. What does not fit is refused; see PvObject.set for the rules. */
void fromJs(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views);

/** A numeric array that is to be made. */
struct Allocation {
  size_t count;
  /** Whether it is all zero, or whatever its memory holds. */
  bool isZero;
};

/** fromJs() for arrays of scalars. An External<Allocation> makes a numeric array. */
void arrayFromJs(pvxs::Value& field, const Napi::Value& value, const Where& where, Views& views);

/** fromJs() for the field at a path below `top`. Selects union members on the way; elements and `any`s are replaced. */
void setAtPath(pvxs::Value& top, const std::string& path, const Napi::Value& value, Views& views);

/** Something that is to stand in an `any`: null, a Value, { type, value }, or data whose type is plain. */
pvxs::Value anyFromJs(const Napi::Value& value, const Where& where, Views& views);

}  // namespace pvaflow
