#include "attributes.h"

#include <pvxs/data.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "arrays.h"
#include "errors.h"
#include "type.h"
#include "value.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

/** What a field of an attribute is for. */
enum class Role { kName, kValue, kTags, kDescriptor, kSeverity, kStatus, kMessage, kSeconds, kNanoseconds, kUserTag, kSourceType, kSource, kOther };

/** Kept, so that no string is made for a look-up. */
struct Names {
  const std::string attribute{"attribute"}, name{"name"}, value{"value"}, descriptor{"descriptor"}, description{"display.description"};
  const std::string severity{"alarm.severity"}, status{"alarm.status"}, message{"alarm.message"};
  const std::string seconds{"timeStamp.secondsPastEpoch"}, nanoseconds{"timeStamp.nanoseconds"}, userTag{"timeStamp.userTag"};
};
const Names kNames;

const std::vector<std::pair<std::string, Role>> kRoles{
    {"name", Role::kName}, {"value", Role::kValue}, {"tags", Role::kTags}, {"descriptor", Role::kDescriptor},
    {"alarm.severity", Role::kSeverity}, {"alarm.status", Role::kStatus}, {"alarm.message", Role::kMessage},
    {"timeStamp.secondsPastEpoch", Role::kSeconds}, {"timeStamp.nanoseconds", Role::kNanoseconds}, {"timeStamp.userTag", Role::kUserTag},
    {"sourceType", Role::kSourceType}, {"source", Role::kSource}};

/** areaDetector's number for an attribute that comes from a process variable (NDAttrSourceEPICSPV). */
constexpr int32_t kProcessVariable = 2;

/** Where what is wanted of an attribute stands in the array that JavaScript gives: the same list is in src/pva/normative/nt-nd-array.ts. */
enum Item : uint32_t { kNameItem, kOfItem, kNumberItem, kDescriptorItem, kSourceItem, kTagsItem, kItems };

Role roleOf(const std::string& name) {
  for (const auto& [known, role] : kRoles) {
    if (known == name) return role;
  }
  return Role::kOther;
}

/**
 * The roles of all fields of an attribute, in their order, which differs between servers. To look each field up by its name would
 * take most of the time, so the answer for the last type is kept. JavaScript threads have one each.
 */
const std::vector<Role>& rolesOf(const pvxs::Value& attribute) {
  thread_local pvxs::Value type;
  thread_local std::vector<Role> roles;
  if (type && sameInstance(type, attribute)) return roles;
  roles.clear();
  for (const pvxs::Value field : attribute.iall()) roles.push_back(roleOf(attribute.nameOf(field)));
  type = attribute.cloneEmpty();
  return roles;
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

pvxs::shared_array<const std::string> tagsOf(const Napi::Value& list) {
  const Napi::Array tags = list.As<Napi::Array>();
  pvxs::shared_array<std::string> texts(tags.Length());
  for (uint32_t i = 0; i < tags.Length(); i++) texts[i] = tags.Get(i).ToString().Utf8Value();
  return texts.freeze();
}

/** One attribute that is wanted. */
struct Wanted {
  Wanted(const Napi::Array& items, uint32_t first)
      : name(items.Get(first + kNameItem).ToString().Utf8Value()),
        metadata(Value::of(items.Get(first + kOfItem))),
        number(items.Get(first + kNumberItem)),
        descriptor(items.Get(first + kDescriptorItem)),
        source(items.Get(first + kSourceItem)),
        tags(items.Get(first + kTagsItem)) {}

  const std::string name;
  Value& metadata;
  const Napi::Value number, descriptor, source, tags;
};

/** Copies a field of the metadata if it has it. */
void copyField(pvxs::Value& target, const pvxs::Value& from, const std::string& name) {
  const pvxs::Value source = from[name];
  if (source) target.assign(source);
}

void fill(Napi::Env env, pvxs::Value& field, Role role, const Wanted& wanted, const pvxs::Value& frame) {
  const pvxs::Value& metadata = wanted.metadata.get();
  const bool isNumber = wanted.number.IsNumber();
  const pvxs::Value& time = isNumber ? frame : metadata;
  switch (role) {
    case Role::kName: return field.from(wanted.name);
    case Role::kValue: {
      if (isNumber) return field.from(doubleOf(wanted.number.As<Napi::Number>().DoubleValue()));
      const pvxs::Value content = wanted.metadata.fieldCopy(env, kNames.value);
      return field.from(content.type() == TypeCode::Any ? content.as<pvxs::Value>() : content);
    }
    case Role::kTags:
      if (wanted.tags.IsArray()) field.from(tagsOf(wanted.tags));
      return;
    case Role::kDescriptor:
      return field.from(wanted.descriptor.IsString() ? wanted.descriptor.As<Napi::String>().Utf8Value() : descriptorOf(metadata));
    case Role::kSeverity: return copyField(field, metadata, kNames.severity);
    case Role::kStatus: return copyField(field, metadata, kNames.status);
    case Role::kMessage: return copyField(field, metadata, kNames.message);
    case Role::kSeconds: return copyField(field, time, kNames.seconds);
    case Role::kNanoseconds: return copyField(field, time, kNames.nanoseconds);
    case Role::kUserTag: return copyField(field, time, kNames.userTag);
    case Role::kSourceType: return field.from(kProcessVariable);
    case Role::kSource:
      if (wanted.source.IsString()) field.from(wanted.source.As<Napi::String>().Utf8Value());
      return;
    case Role::kOther: return;
  }
}

pvxs::Value attributeFrom(Napi::Env env, pvxs::Value& all, const pvxs::Value& frame, const Wanted& wanted) {
  pvxs::Value attribute = all.allocMember();
  auto role = rolesOf(attribute).begin();
  for (pvxs::Value field : attribute.iall()) fill(env, field, *role++, wanted, frame);
  return attribute;
}

/** The field of a frame that holds its attributes. */
pvxs::Value attributesOf(Napi::Env env, const pvxs::Value& frame) {
  pvxs::Value all = pvxs::Value(frame)[kNames.attribute];
  if (!all || all.type() != TypeCode::StructA) fail(env, "PVAFLOW_FIELD", "there is no array of structures attribute");
  return all;
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
    pvxs::Value all = attributesOf(env, frame);
    const auto before = all.as<ValueArray>();
    const uint32_t added = wanted.Length() / kItems;
    pvxs::shared_array<pvxs::Value> after(before.size() + added);
    for (size_t i = 0; i < before.size(); i++) after[i] = before[i];
    size_t count = before.size();
    for (uint32_t i = 0; i < added; i++) {
      const Napi::HandleScope scope(env);
      const Wanted each(wanted, i * kItems);
      const size_t found = indexOf(before, each.name);
      after[found < before.size() ? found : count++] = attributeFrom(env, all, frame, each);
    }
    after.resize(count);
    all.from(after.freeze());
    return env.Undefined();
  });
}

Napi::Value removeAttributes(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsArray()) throw Napi::TypeError::New(env, "expected an array of names");
  return guarded(env, "PVAFLOW_VALUE", [&]() -> Napi::Value {
    const Napi::Array list = info[1].As<Napi::Array>();
    std::set<std::string> names;
    for (uint32_t i = 0; i < list.Length(); i++) names.insert(list.Get(i).ToString().Utf8Value());
    pvxs::Value all = attributesOf(env, Value::of(info[0]).get());
    const auto before = all.as<ValueArray>();
    std::vector<pvxs::Value> kept;
    std::string name;
    for (const pvxs::Value& attribute : before) {
      const bool isNamed = attribute && attribute[kNames.name].as(name) && names.count(name) > 0;
      if (!isNamed) kept.push_back(attribute);
    }
    const size_t removed = before.size() - kept.size();
    if (removed > 0) all.from(pvxs::shared_array<pvxs::Value>(kept.begin(), kept.end()).freeze());
    return Napi::Number::New(env, static_cast<double>(removed));
  });
}

}  // namespace pvaflow
