#include "errors.h"
#include "from-js.h"

namespace pvaflow {

namespace {

constexpr size_t kShown = 40;

std::string constructorName(const Napi::Object& object) {
  const Napi::Value constructor = object.Get("constructor");
  const Napi::Value name = constructor.IsFunction() ? constructor.As<Napi::Function>().Get("name") : constructor;
  return name.IsString() ? name.As<Napi::String>().Utf8Value() : "object";
}

}  // namespace

std::string Where::text() const {
  const std::string above = up ? up->text() : "";
  if (!up && !name) return above;
  if (!name) return above + "[" + std::to_string(index) + "]";
  return above.empty() ? *name : above + "." + *name;
}

void refuseValue(Napi::Env env, const char* code, const Where& where, const std::string& expected, const std::string& found) {
  const std::string at = where.text();
  fail(env, code, (at.empty() ? "value" : "field " + at) + ": expected " + expected + ", found " + found);
}

std::string describe(const Napi::Value& value) {
  if (value.IsString()) {
    const std::string text = value.As<Napi::String>().Utf8Value();
    return "\"" + (text.size() > kShown ? text.substr(0, kShown) + "…" : text) + "\"";
  }
  if (value.IsTypedArray()) return constructorName(value.As<Napi::Object>()) + " of " + std::to_string(value.As<Napi::TypedArray>().ElementLength());
  if (value.IsArray()) return "an array of " + std::to_string(value.As<Napi::Array>().Length());
  if (value.IsFunction()) return "a function";
  if (value.IsObject()) return "an object (" + constructorName(value.As<Napi::Object>()) + ")";
  if (value.IsExternal()) return "a length";
  if (value.IsSymbol()) return "a symbol";
  return value.ToString().Utf8Value();
}

}  // namespace pvaflow
