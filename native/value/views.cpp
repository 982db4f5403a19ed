#include "views.h"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "type-names.h"

namespace pvaflow {

namespace {

/** Up to here a copy costs less than an external ArrayBuffer with its finaliser: 0.9 to 1.4 µs against 1.8 to 2.2 µs. */
constexpr size_t kCopyBytes = 16384;

Napi::TypedArray typedArrayOver(Napi::Env env, napi_value buffer, size_t length, pvxs::TypeCode code) {
  napi_value result = nullptr;
  const napi_status status = napi_create_typedarray(env, typedArrayType(code), length, buffer, 0, &result);
  if (status != napi_ok) throw Napi::Error::New(env);
  return Napi::TypedArray(env, result);
}

Array duplicate(const void* data, size_t bytes, size_t count, pvxs::TypeCode code) {
  pvxs::shared_array<void> copy = newNumericArray(code, count);
  std::memcpy(copy.data(), data, bytes);
  return copy.freeze();
}

/** Did somebody take the memory of a typed array away, as ArrayBuffer.transfer() does? */
bool isTaken(const Napi::TypedArray& typedArray) { return typedArray.ArrayBuffer().IsDetached(); }

}  // namespace

Napi::Value Views::of(Napi::Env env, const Array& array, pvxs::TypeCode code) {
  if (array.empty()) return copied(env, array, code).typedArray.Value();
  const auto found = views_.find(array.data());
  if (found != views_.end()) return found->second.typedArray.Value();
  const size_t bytes = array.size() * elementSize(code);
  const bool large = bytes > kCopyBytes;
  View view = !large            ? copied(env, array, code)
              : mayShow(array) ? external(env, array, array, code)
                               : external(env, array, duplicate(array.data(), bytes, array.size(), code), code);
  Napi::Value result = view.typedArray.Value();
  keep(array, std::move(view));
  return result;
}

/** True if only the field refers to the array, and `array` itself. Nobody can come to refer to it without asking us. */
bool Views::mayShow(const Array& array) const {
  if (depth_ > 0 || array.dataPtr().use_count() > 2) return false;
  std::atomic_thread_fence(std::memory_order_acquire);  // who let go of it has read it before we write
  return true;
}

void Views::keep(const Array& array, View&& view) {
  if (views_.size() >= forgetAt_) forgetReplaced();
  externalBytes_ += view.bytes;
  views_.emplace(array.data(), std::move(view));
}

/** Views of arrays that the value does not have any more: those that nobody but the view refers to. */
void Views::forgetReplaced() {
  for (auto at = views_.begin(); at != views_.end();) {
    const View& view = at->second;
    const bool inPlace = view.bytes > 0;
    const bool gone = view.source.dataPtr().use_count() <= (inPlace ? 2 : 1);
    if (gone) externalBytes_ -= view.bytes;
    at = gone ? views_.erase(at) : std::next(at);
  }
  forgetAt_ = std::max<size_t>(64, views_.size() * 2);
}

void Views::replaced(const Array& old) {
  const auto found = views_.find(old.data());
  if (found == views_.end()) return;
  externalBytes_ -= found->second.bytes;
  leave(std::move(found->second));
  views_.erase(found);
}

/** Without this its memory would come back only when V8 collects the view: long after the frame, for large ones. */
void Views::leave(View&& view) {
  if (!view.holder) return;  // V8's own memory
  if (left_.size() >= collectAt_) {
    const auto collected = [](const Left& left) { return left.typedArray.Value().IsEmpty(); };
    left_.erase(std::remove_if(left_.begin(), left_.end(), collected), left_.end());
    collectAt_ = std::max<size_t>(64, left_.size() * 2);
  }
  view.typedArray.Unref();
  left_.push_back(Left{std::move(view.typedArray), std::move(view.holder)});
}

/** A view of `seen`, which is `array` or a copy of it. */
Views::View Views::external(Napi::Env env, const Array& array, const Array& seen, pvxs::TypeCode code) {
  const size_t bytes = array.size() * elementSize(code);
  auto holder = std::make_shared<Holder>(Holder{seen});
  auto* hint = new std::shared_ptr<Holder>(holder);
  napi_value buffer = nullptr;
  const napi_status status = napi_create_external_arraybuffer(
      env, const_cast<void*>(seen.data()), bytes,
      [](napi_env, void*, void* data) { delete static_cast<std::shared_ptr<Holder>*>(data); }, hint, &buffer);
  if (status != napi_ok) {  // runtimes that forbid external memory
    delete hint;
    return copied(env, array, code);
  }
  const bool inPlace = seen.data() == array.data();
  return View{array, Napi::Reference<Napi::TypedArray>::New(typedArrayOver(env, buffer, array.size(), code), 1), holder,
              inPlace ? bytes : 0};
}

Views::View Views::copied(Napi::Env env, const Array& array, pvxs::TypeCode code) const {
  const size_t bytes = array.size() * elementSize(code);
  void* data = nullptr;
  napi_value buffer = nullptr;
  if (napi_create_arraybuffer(env, bytes, &data, &buffer) != napi_ok) throw Napi::Error::New(env);
  if (bytes > 0) std::memcpy(data, array.data(), bytes);
  return View{array, Napi::Reference<Napi::TypedArray>::New(typedArrayOver(env, buffer, array.size(), code), 1), nullptr, 0};
}

Array Views::copyOf(const View& view, const Array& array, pvxs::TypeCode code) const {
  return duplicate(contentsOf(view, array), array.size() * elementSize(code), array.size(), code);
}

Array Views::frozen(const Array& array, pvxs::TypeCode code) const {
  const auto found = views_.find(array.data());
  return found == views_.end() || array.empty() ? array : copyOf(found->second, array, code);
}

Array Views::taken(const Array& array, pvxs::TypeCode code) const {
  const auto found = views_.find(array.data());
  if (found == views_.end() || array.empty()) return array;
  const View& view = found->second;
  const bool ours = view.holder && !isTaken(view.typedArray.Value());
  return ours ? view.holder->array : copyOf(view, array, code);
}

const void* Views::contentsOf(const Array& array) const {
  const auto found = array.empty() ? views_.end() : views_.find(array.data());
  return found == views_.end() ? array.data() : contentsOf(found->second, array);
}

const void* Views::contentsOf(const View& view, const Array& array) const {
  const Napi::TypedArray seen = view.typedArray.Value();
  if (!isTaken(seen)) return seen.ArrayBuffer().Data();
  return view.holder ? view.holder->array.data() : array.data();  // V8's own memory went with the view
}

bool Views::isViewOf(const Napi::Value& typedArray, const Array& array) const {
  const auto found = array.empty() ? views_.end() : views_.find(array.data());
  return found != views_.end() && found->second.typedArray.Value().StrictEquals(typedArray);
}

void Views::detachAll(Napi::Env env) {
  Napi::HandleScope scope(env);
  for (auto& [data, view] : views_) detach(env, view.typedArray.Value(), view.holder.get());
  for (const Left& left : left_) {
    const Napi::TypedArray seen = left.typedArray.Value();
    if (!seen.IsEmpty()) detach(env, seen, left.holder.get());
  }
  views_.clear();
  left_.clear();
  externalBytes_ = 0;
}

void Views::detach(Napi::Env env, const Napi::TypedArray& seen, Holder* holder) {
  if (isTaken(seen)) return;  // its memory is in use elsewhere, and given back from there
  napi_detach_arraybuffer(env, seen.ArrayBuffer());
  if (holder) holder->array.clear();
}

}  // namespace pvaflow
