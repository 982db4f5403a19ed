#include "sealing.h"

#include "aead.h"
#include "content.h"
#include "errors.h"
#include "value/arrays.h"
#include "value/value.h"

namespace pvaflow::sealed {

namespace {

Aead::Bytes bytesOf(const Napi::Value& value, const char* what, size_t size = 0) {
  const bool isBytes = value.IsTypedArray() && value.As<Napi::TypedArray>().TypedArrayType() == napi_uint8_array;
  if (!isBytes) throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an Uint8Array");
  const auto array = value.As<Napi::Uint8Array>();
  if (size > 0 && array.ByteLength() != size)
    throw Napi::RangeError::New(value.Env(), std::string(what) + " must have " + std::to_string(size) + " bytes");
  return {array.Data(), array.ByteLength()};
}

std::string textOf(const Napi::Value& value, const char* what) {
  if (!value.IsString()) throw Napi::TypeError::New(value.Env(), std::string(what) + " must be a string");
  return value.As<Napi::String>().Utf8Value();
}

/** The key, ready for use. */
class Keyed {
 public:
  Keyed(const Napi::CallbackInfo& info, Aead::Direction direction)
      : aead_(guarded(info.Env(), "PVAFLOW_CIPHER", [&] {
          return Aead(textOf(info[0], "the cipher"), bytesOf(info[1], "the key", Aead::keySize).data, direction);
        })) {}

 protected:
  Aead aead_;
};

class Sealer : public Napi::ObjectWrap<Sealer>, private Keyed {
 public:
  explicit Sealer(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Sealer>(info), Keyed(info, Aead::Direction::seal) {}

  static Napi::Function define(Napi::Env env) { return DefineClass(env, "Sealer", {InstanceMethod<&Sealer::seal>("seal")}); }

 private:
  Napi::Value seal(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const pvaflow::Value& value = pvaflow::Value::of(info[0]);
    const auto nonce = bytesOf(info[1], "the nonce", Aead::nonceSize);
    const auto associated = bytesOf(info[2], "the associated data");
    pvaflow::Value& target = pvaflow::Value::of(info[3]);
    const std::string field = textOf(info[4], "the field");
    return guarded(env, "PVAFLOW_CIPHER", [&] {
      const stream::ArrayContents contents = [&](const Array& array) { return value.contentsOf(array); };
      const stream::Pieces content = contentOf(value.get(), contents);
      const size_t size = content.length() + Aead::tagSize;
      pvxs::shared_array<void> sealed = newNumericArray(pvxs::TypeCode::UInt8A, size);
      aead_.seal(nonce.data, associated, content, static_cast<unsigned char*>(sealed.data()));
      target.replaceArray(env, field, sealed.freeze());
      return Napi::Number::New(env, static_cast<double>(size));
    });
  }
};

class Opener : public Napi::ObjectWrap<Opener>, private Keyed {
 public:
  explicit Opener(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Opener>(info), Keyed(info, Aead::Direction::open) {}

  static Napi::Function define(Napi::Env env) { return DefineClass(env, "Opener", {InstanceMethod<&Opener::open>("open")}); }

 private:
  Napi::Value open(const Napi::CallbackInfo& info) {
    const Napi::Env env = info.Env();
    const pvaflow::Value& source = pvaflow::Value::of(info[0]);
    const std::string field = textOf(info[1], "the field");
    const auto nonce = bytesOf(info[2], "the nonce", Aead::nonceSize);
    const auto associated = bytesOf(info[3], "the associated data");
    pvxs::Value value = guarded(env, "PVAFLOW_CONTENT", [&] {
      const Array array = arrayOf(env, source, field);
      if (array.size() < Aead::tagSize) return pvxs::Value();
      const Aead::Bytes sealed{static_cast<const unsigned char*>(source.contentsOf(array)), array.size()};
      const size_t size = sealed.size - Aead::tagSize;
      const std::shared_ptr<char> content = newContent(size);
      auto* const out = reinterpret_cast<unsigned char*>(content.get());
      return aead_.open(nonce.data, associated, sealed, out) ? valueOf(content, size) : pvxs::Value();
    });
    if (!value) return env.Undefined();
    return pvaflow::Value::wrap(env, std::move(value));
  }

  static Array arrayOf(Napi::Env env, const pvaflow::Value& source, const std::string& name) {
    const pvxs::Value field = source.get()[name];
    if (!field || field.type() != pvxs::TypeCode::UInt8A) fail(env, "PVAFLOW_FIELD", "there is no ubyte[] " + name);
    return field.as<Array>();
  }
};

}  // namespace

void define(Napi::Env env, Napi::Object exports) {
  exports.Set("Sealer", Sealer::define(env));
  exports.Set("Opener", Opener::define(env));
}

}  // namespace pvaflow::sealed
