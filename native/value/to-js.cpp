#include "to-js.h"

namespace pvaflow {

namespace {

using pvxs::TypeCode;

Napi::Value text(Napi::Env env, const std::string& value) { return Napi::String::New(env, value.data(), value.size()); }

Napi::Value integer(Napi::Env env, const pvxs::Value& field) {
  const auto value = field.as<int64_t>();
  if (field.type() == TypeCode::Int64) return Napi::BigInt::New(env, value);
  return Napi::Number::New(env, static_cast<double>(value));
}

Napi::Value unsignedInteger(Napi::Env env, const pvxs::Value& field) {
  const auto value = field.as<uint64_t>();
  if (field.type() == TypeCode::UInt64) return Napi::BigInt::New(env, value);
  return Napi::Number::New(env, static_cast<double>(value));
}

Napi::Value structure(Napi::Env env, const pvxs::Value& field, Views& views) {
  Napi::Object object = Napi::Object::New(env);
  for (const pvxs::Value child : field.ichildren()) object.Set(text(env, field.nameOf(child)), toJs(env, child, views));
  return object;
}

Napi::Value booleans(Napi::Env env, const pvxs::Value& field) {
  const auto source = field.as<pvxs::shared_array<const bool>>();
  Napi::Array array = Napi::Array::New(env, source.size());
  for (size_t i = 0; i < source.size(); i++) array.Set(static_cast<uint32_t>(i), Napi::Boolean::New(env, source[i]));
  return array;
}

Napi::Value strings(Napi::Env env, const pvxs::Value& field) {
  const auto source = field.as<pvxs::shared_array<const std::string>>();
  Napi::Array array = Napi::Array::New(env, source.size());
  for (size_t i = 0; i < source.size(); i++) {
    Napi::HandleScope scope(env);
    array.Set(static_cast<uint32_t>(i), text(env, source[i]));
  }
  return array;
}

Napi::Value compounds(Napi::Env env, const pvxs::Value& field, Views& views) {
  const auto source = field.as<ValueArray>();
  const Views::Within within(views);
  Napi::Array array = Napi::Array::New(env, source.size());
  for (size_t i = 0; i < source.size(); i++) {
    Napi::HandleScope scope(env);
    array.Set(static_cast<uint32_t>(i), source[i] ? toJs(env, source[i], views) : env.Null());
  }
  return array;
}

Napi::Value arrayOf(Napi::Env env, const pvxs::Value& field, Views& views) {
  switch (field.type().kind()) {
    case pvxs::Kind::Bool: return booleans(env, field);
    case pvxs::Kind::String: return strings(env, field);
    case pvxs::Kind::Compound: return compounds(env, field, views);
    default: return views.of(env, field.as<Array>(), field.type());
  }
}

}  // namespace

Napi::Value toJs(Napi::Env env, const pvxs::Value& field, Views& views) {
  switch (field.storageType()) {
    case pvxs::StoreType::Null: return structure(env, field, views);
    case pvxs::StoreType::Bool: return Napi::Boolean::New(env, field.as<bool>());
    case pvxs::StoreType::Integer: return integer(env, field);
    case pvxs::StoreType::UInteger: return unsignedInteger(env, field);
    case pvxs::StoreType::Real: return Napi::Number::New(env, field.as<double>());
    case pvxs::StoreType::String: return text(env, field.as<std::string>());
    case pvxs::StoreType::Array: return arrayOf(env, field, views);
    case pvxs::StoreType::Compound: {
      const auto selected = field.as<pvxs::Value>();
      const Views::Within within(views, field.type() == TypeCode::Any);
      return selected ? toJs(env, selected, views) : env.Null();
    }
  }
  return env.Undefined();
}

}  // namespace pvaflow
