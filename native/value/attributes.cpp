#include "attributes.h"

#include <pvxs/data.h>

#include <string>
#include <utility>

#include "arrays.h"
#include "copy.h"
#include "errors.h"
#include "value.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

/** Kept, so that no string is made for a look-up. */
struct Names {
  const std::string attribute{"attribute"}, name{"name"}, value{"value"}, tags{"tags"}, descriptor{"descriptor"}, alarm{"alarm"};
  const std::string timeStamp{"timeStamp"}, sourceType{"sourceType"}, source{"source"}, description{"display.description"};
};
const Names kNames;

/** areaDetector's number for an attribute that comes from a process variable (NDAttrSourceEPICSPV). */
constexpr int32_t kProcessVariable = 2;

/** Puts `data` into a field if it is there: which fields an attribute has differs between servers. */
template <typename T>
void put(pvxs::Value& attribute, const std::string& name, const T& data) {
  pvxs::Value field = attribute[name];
  if (field) field.from(data);
}

/** Copies those members of a structure that both have. */
void putMembers(pvxs::Value& attribute, const std::string& name, const pvxs::Value& from) {
  const pvxs::Value source = from[name];
  pvxs::Value target = attribute[name];
  if (!source || !target || source.type() != TypeCode::Struct || target.type() != TypeCode::Struct) return;
  for (pvxs::Value member : target.ichildren()) {
    const pvxs::Value other = source[target.nameOf(member)];
    if (other && other.type() == member.type()) copyInto(member, other);
  }
}

pvxs::Value doubleOf(double number) {
  static const pvxs::Value prototype = pvxs::TypeDef(TypeCode::Float64).create();
  pvxs::Value result = prototype.cloneEmpty();
  result.from(number);
  return result;
}

std::string descriptorOf(const pvxs::Value& metadata) {
  std::string text;
  for (const std::string* name : {&kNames.descriptor, &kNames.description}) {
    const pvxs::Value field = metadata[*name];
    if (field && field.as(text) && !text.empty()) return text;
  }
  return text;
}

void putText(pvxs::Value& attribute, const std::string& name, const Napi::Value& text) {
  if (text.IsString()) put(attribute, name, text.As<Napi::String>().Utf8Value());
}

void putTags(pvxs::Value& attribute, const Napi::Value& list) {
  if (!list.IsArray()) return;
  const Napi::Array tags = list.As<Napi::Array>();
  pvxs::shared_array<std::string> texts(tags.Length());
  for (uint32_t i = 0; i < tags.Length(); i++) texts[i] = tags.Get(i).ToString().Utf8Value();
  put(attribute, kNames.tags, texts.freeze());
}

/** The value, and what belongs to it: its time and its alarm. */
void putValue(Napi::Env env, pvxs::Value& attribute, const pvxs::Value& frame, const Napi::Object& wanted) {
  Value& metadata = Value::of(wanted.Get("of"));
  const Napi::Value number = wanted.Get("number");
  if (number.IsNumber()) {
    put(attribute, kNames.value, doubleOf(number.As<Napi::Number>().DoubleValue()));
    putMembers(attribute, kNames.timeStamp, frame);
  } else {
    const pvxs::Value content = metadata.fieldCopy(env, kNames.value);
    put(attribute, kNames.value, content.type() == TypeCode::Any ? content.as<pvxs::Value>() : content);
    putMembers(attribute, kNames.timeStamp, metadata.get());
  }
  putMembers(attribute, kNames.alarm, metadata.get());
}

pvxs::Value attributeFrom(Napi::Env env, pvxs::Value& all, const pvxs::Value& frame, const std::string& name, const Napi::Object& wanted) {
  pvxs::Value attribute = all.allocMember();
  put(attribute, kNames.name, name);
  putValue(env, attribute, frame, wanted);
  const Napi::Value descriptor = wanted.Get("descriptor");
  if (descriptor.IsString()) putText(attribute, kNames.descriptor, descriptor);
  else put(attribute, kNames.descriptor, descriptorOf(Value::of(wanted.Get("of")).get()));
  putText(attribute, kNames.source, wanted.Get("source"));
  put(attribute, kNames.sourceType, kProcessVariable);
  putTags(attribute, wanted.Get("tags"));
  return attribute;
}

/** Where the attribute of this name stands; the number of attributes when there is none. */
size_t indexOf(const ValueArray& attributes, const std::string& name) {
  std::string other;
  for (size_t i = 0; i < attributes.size(); i++) {
    if (attributes[i] && attributes[i][kNames.name].as(other) && other == name) return i;
  }
  return attributes.size();
}

}  // namespace

Napi::Value joinAttributes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsArray()) throw Napi::TypeError::New(env, "expected an array of attributes");
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    const pvxs::Value& frame = Value::of(info[0]).get();
    const Napi::Array wanted = info[1].As<Napi::Array>();
    pvxs::Value all = pvxs::Value(frame)[kNames.attribute];
    if (!all || all.type() != TypeCode::StructA) fail(env, "PVAFLOW_FIELD", "there is no array of structures attribute");
    const auto before = all.as<ValueArray>();
    pvxs::shared_array<pvxs::Value> after(before.size() + wanted.Length());
    for (size_t i = 0; i < before.size(); i++) after[i] = before[i];
    size_t count = before.size();
    for (uint32_t i = 0; i < wanted.Length(); i++) {
      const Napi::HandleScope scope(env);
      const Napi::Object each = wanted.Get(i).As<Napi::Object>();
      const std::string name = each.Get("name").ToString().Utf8Value();
      const size_t found = indexOf(before, name);
      after[found < before.size() ? found : count++] = attributeFrom(env, all, frame, name, each);
    }
    after.resize(count);
    all.from(after.freeze());
    return env.Undefined();
  });
}

}  // namespace pvaflow
