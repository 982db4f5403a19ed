#include "binding.h"

#include <cstring>
#include <functional>
#include <memory>
#include <new>
#include <utility>

#include "../errors.h"
#include "../value/arrays.h"
#include "../value/buffer-pool.h"
#include "../value/type-names.h"
#include "../value/value.h"
#include "image-codec.h"

namespace pvaflow::codec {

namespace {

constexpr const char* kDataCode = "PVAFLOW_CODEC_DATA";

/** Work on the data of one frame. `run` may be called on any thread. */
struct Job {
  std::string member;  // of the union, for the result
  std::function<Array()> run;
};

/** What the frame's union has selected, as memory that JavaScript does not change. */
struct Data {
  Array array;
  size_t elementSize;

  Input bytes() const { return {static_cast<const uint8_t*>(array.data()), array.size() * elementSize}; }
};

Data dataOf(Napi::Env env, Value& frame) {
  const pvxs::Value copy = frame.fieldCopy(env, "value");
  const auto selected = copy.type() == pvxs::TypeCode::Union ? copy.as<pvxs::Value>() : pvxs::Value();
  if (!selected || !isNumericArray(selected.type())) fail(env, "PVAFLOW_FIELD", "the union `value` has no array of numbers selected");
  return {selected.as<Array>(), elementSize(selected.type())};
}

pvxs::TypeCode typeOfMember(Napi::Env env, const Value& frame, const std::string& member) {
  const pvxs::Value data = frame.get()["value"];
  pvxs::Value other = data ? data.cloneEmpty() : data;
  const pvxs::Value field = other["->" + member];
  if (!field || !isNumericArray(field.type())) fail(env, "PVAFLOW_FIELD", "there is no array value->" + member);
  return field.type();
}

/** Whoever keeps the result does not keep the room that there had to be for it. */
Array encoded(const Settings& settings, const Data& source) {
  const Input input = source.bytes();
  const size_t room = bound(settings, input.size, source.elementSize);
  const std::shared_ptr<void> memory = newBuffer(room);
  const size_t length = encode(settings, input, {static_cast<uint8_t*>(memory.get()), room}, source.elementSize);
  pvxs::shared_array<void> result = newNumericArray(pvxs::TypeCode::UInt8A, length);
  std::memcpy(result.data(), memory.get(), length);
  return result.freeze();
}

Array decoded(Codec codec, const Data& source, size_t length, pvxs::TypeCode type, size_t elements, int threads) {
  const size_t size = pvaflow::elementSize(type);
  pvxs::shared_array<void> result = newNumericArray(type, elements);
  decode(codec, source.bytes().part(0, length), {static_cast<uint8_t*>(result.data()), elements * size}, size, threads);
  return result.freeze();
}

Napi::Value lengthOf(Napi::Env env, const Array& array) { return Napi::Number::New(env, static_cast<double>(array.size())); }

/** Runs a job on a thread of libuv's pool. Owns itself. */
class Background : public Napi::AsyncWorker {
 public:
  Background(Napi::Env env, const Napi::Object& frame, Job&& job)
      : Napi::AsyncWorker(env, "pvaflow codec"),
        frame_(Napi::Persistent(frame)),
        deferred_(Napi::Promise::Deferred::New(env)),
        job_(std::move(job)) {}

  Napi::Promise promise() const { return deferred_.Promise(); }

 protected:
  void Execute() override {
    try {
      result_ = job_.run();
    } catch (const std::bad_alloc&) {
      outOfMemory_ = true;
      SetError("there is not enough memory");
    }
  }

  void OnOK() override {
    const Napi::Env env = Env();
    try {
      Value::of(frame_.Value()).selectArray(env, "value", job_.member, result_);
      deferred_.Resolve(lengthOf(env, result_));
    } catch (const Napi::Error& error) {
      deferred_.Reject(error.Value());
    }
  }

  void OnError(const Napi::Error& error) override {
    try {
      fail(Env(), outOfMemory_ ? "PVAFLOW_MEMORY" : kDataCode, error.Message());
    } catch (const Napi::Error& coded) {
      deferred_.Reject(coded.Value());
    }
  }

 private:
  Napi::ObjectReference frame_;
  Napi::Promise::Deferred deferred_;
  Job job_;
  Array result_;
  bool outOfMemory_ = false;
};

Napi::Value start(Napi::Env env, const Napi::Value& frame, Job&& job, const Napi::Value& inBackground) {
  if (inBackground.ToBoolean()) {
    auto* worker = new Background(env, frame.As<Napi::Object>(), std::move(job));
    const Napi::Promise promise = worker->promise();
    worker->Queue();
    return promise;
  }
  const Array result = guarded(env, kDataCode, [&] { return job.run(); });
  Value::of(frame).selectArray(env, "value", job.member, result);
  return lengthOf(env, result);
}

int integer(const Napi::Value& value) { return value.ToNumber().Int32Value(); }
size_t size(const Napi::Value& value) { return static_cast<size_t>(value.ToNumber().DoubleValue()); }
std::string text(const Napi::Value& value) { return value.ToString().Utf8Value(); }

Settings settingsOf(const Napi::Object& from) {
  Settings settings;
  settings.codec = codecNamed(text(from.Get("codec")));
  settings.level = integer(from.Get("level"));
  settings.blockSize = size(from.Get("blockSize"));
  settings.blosc = {text(from.Get("compressor")), settings.level, integer(from.Get("shuffle")), integer(from.Get("threads"))};
  return settings;
}

}  // namespace

Napi::Value decodeImage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Value& frame = Value::of(info[0]);
  const Codec codec = guarded(env, kDataCode, [&] { return codecNamed(text(info[1])); });
  const std::string member = text(info[2]);
  const pvxs::TypeCode type = typeOfMember(env, frame, member);
  const size_t elements = size(info[3]);
  const size_t length = size(info[4]);
  const int threads = integer(info[5]);
  const Data source = dataOf(env, frame);
  if (length > source.bytes().size) fail(env, kDataCode, "there are fewer bytes than compressedSize says");
  const auto run = [=] { return decoded(codec, source, length, type, elements, threads); };
  return start(env, info[0], {member, run}, info[6]);
}

Napi::Value encodeImage(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  if (!info[1].IsObject()) throw Napi::TypeError::New(env, "expected settings");
  const Settings settings = guarded(env, kDataCode, [&] { return settingsOf(info[1].As<Napi::Object>()); });
  const Data source = dataOf(env, Value::of(info[0]));
  return start(env, info[0], {"ubyteValue", [=] { return encoded(settings, source); }}, info[2]);
}

}  // namespace pvaflow::codec
