#pragma once
#include <napi.h>
#include <pvxs/data.h>

#include <cstddef>

namespace pvaflow {

/**
 * JavaScript function `readDimensions(value, figures)`: size, offset, fullSize, binning and reverse (0 or 1) of each dimension of an
 * NTNDArray, without making a JavaScript object for any of it. Gives how many dimensions there are; -1, and `figures` are whatever they
 * are, where one is null or lacks a field, or there are more than `figures`, a Float64Array, has room for. JavaScript thread.
 */
Napi::Value readDimensions(const Napi::CallbackInfo& info);

/**
 * JavaScript function `writeLayout(value, bytes, figures, count)`: sets what an NTNDArray that is not compressed says about its pixels:
 * both sizes, in bytes, where there are such fields, and `count` dimensions, figures as readDimensions() gives them. JavaScript thread.
 */
Napi::Value writeLayout(const Napi::CallbackInfo& info);

/** What is to be written, checked before anything is changed. */
class ImageLayout {
 public:
  /** Figures from the arguments `at` and `at + 1`. Throws PVAFLOW_FIELD if `top` has no such fields, PVAFLOW_VALUE_RANGE if they cannot hold it. */
  ImageLayout(const Napi::CallbackInfo& info, size_t at, const pvxs::Value& top);

  /** The elements that dimensions of these sizes have; as a double it does not overflow. */
  double elements() const { return elements_; }

  void writeTo(pvxs::Value top, size_t bytes) const;

 private:
  pvxs::shared_array<const pvxs::Value> dimensions_;
  double elements_ = 1;
};

}  // namespace pvaflow
