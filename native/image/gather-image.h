#pragma once
#include <napi.h>

namespace pvaflow::image {

/**
 * JavaScript function `gatherImage(value, offset, outer, outerStep, middle, middleStep, inner, innerStep, figures, count)`: gives an
 * NTNDArray that is not compressed those of its elements that the way of gather() leads to, and writes its layout as
 * writeLayout() does. All at once, because to show JavaScript both arrays would take longer than to copy a small region.
 *
 * When it throws the frame is as it was. JavaScript thread.
 */
Napi::Value gatherImage(const Napi::CallbackInfo& info);

}  // namespace pvaflow::image
