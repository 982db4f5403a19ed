#pragma once
#include <pvxs/data.h>

#include <functional>

#include "arrays.h"

namespace pvaflow {

/** What stands for a numeric array in the copy: the array itself, or contents that nobody else can change. */
using ArrayFilter = std::function<Array(const Array&, pvxs::TypeCode)>;

/**
 * Copies all of `source`, marks included, into `target`: a value of the same type instance, or of another in which every
 * field of `source` is found by its name with the same type. Arrays are shared unless `filter` is given.
 *
 * PVXS' own clone() and assign() copy marked fields only, choose the first union member of equal type whatever its
 * name, and refuse unions without a selection.
 * Throws pvxs::NoConvert naming the field where the types do not agree.
 */
void copyInto(pvxs::Value& target, const pvxs::Value& source, const ArrayFilter* filter = nullptr);

/** `element` of the array `source` as an element of the array `target`; empty where it is null. */
pvxs::Value copyElement(pvxs::Value& target, const pvxs::Value& source, const pvxs::Value& element, const ArrayFilter* filter = nullptr);

/** The elements of an array of compounds, those of a received union[] as the unions they are (see rewrite.h). */
ValueArray elementsOf(const pvxs::Value& array);

/** Gives the fields of `target` that are not marked the contents they have in `source`, without marking them. */
void fillUnmarked(pvxs::Value& target, const pvxs::Value& source);

/** A copy of the same type instance. */
pvxs::Value copyOf(const pvxs::Value& source, const ArrayFilter* filter = nullptr);

}  // namespace pvaflow
