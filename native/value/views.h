#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "arrays.h"

namespace pvaflow {

/**
 * What JavaScript sees of the numeric arrays of one Value, each kept so that the same typed array comes back.
 *
 * While a typed array exists here, its contents are the contents of the field: JavaScript may have written to it. Large
 * arrays are shown where PVXS put them; small ones, and all once share() was called, in a copy of their own.
 * JavaScript thread only.
 */
class Views {
 public:
  Views() = default;
  Views(const Views&) = delete;
  Views& operator=(const Views&) = delete;

  /** The typed array of `array`, made if there is none. `code` is the type of the field (an empty array has none). */
  Napi::Value of(Napi::Env env, const Array& array, pvxs::TypeCode code);

  /** Contents of `array` in memory that JavaScript does not see: `array` itself where it has no view, else a copy. */
  Array frozen(const Array& array, pvxs::TypeCode code) const;
  /** As frozen(), after detachAll() is certain to follow: contents in PVXS' memory are not copied. */
  Array taken(const Array& array, pvxs::TypeCode code) const;

  /** True if `typedArray` is the view of `array`: setting it would change nothing. */
  bool isViewOf(const Napi::Value& typedArray, const Array& array) const;

  /** A field has a new array, known to nobody else: the view of the old one is on its own. */
  void replaced(const Array& old, const Array& fresh);

  /** From now on the arrays that are there may be read by others: those not seen yet will be seen as copies. */
  void share();

  /** Makes every view empty and gives the memory back. */
  void detachAll(Napi::Env env);

  bool empty() const { return views_.empty(); }
  /** Bytes of PVXS' memory that V8 accounts to the views. */
  size_t externalBytes() const { return externalBytes_; }

 private:
  /** Keeps the array until the view is detached or collected. */
  struct Holder {
    Array array;
  };
  struct View {
    Napi::Reference<Napi::TypedArray> typedArray;
    std::shared_ptr<Holder> holder;  // null where JavaScript has a copy
    size_t bytes = 0;
  };

  View external(Napi::Env env, const Array& array, pvxs::TypeCode code);
  View copied(Napi::Env env, const Array& array, pvxs::TypeCode code) const;
  Array copyOf(const View& view, const Array& array, pvxs::TypeCode code) const;

  bool inPlace(const Array& array, size_t bytes) const;

  std::unordered_map<const void*, View> views_;
  std::unordered_set<const void*> fresh_;  // arrays made since share()
  size_t externalBytes_ = 0;
  bool shared_ = false;
};

}  // namespace pvaflow
