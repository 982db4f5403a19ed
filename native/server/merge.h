#pragma once
#include <pvxs/data.h>

namespace pvaflow {

/** True if at least one field of a structure is marked as changed. */
bool anyMarked(const pvxs::Value& value);

/** True if in two values of one type instance the same fields are marked. Looks at marks only: cheap. */
bool sameMarks(const pvxs::Value& a, const pvxs::Value& b);

/** Replaces the mark of a whole structure by marks of its fields, which is what the other functions here look at. */
void spreadMarks(pvxs::Value& value);

/** Marks every field. */
void markAll(pvxs::Value& value);

/** Copies the marked fields of `source`, and their marks, into `target`: a value of the same type instance. */
void mergeMarked(pvxs::Value& target, const pvxs::Value& source);

/** What an update `older` and then an update `newer` come to as one. Neither is changed. */
pvxs::Value mergedUpdate(const pvxs::Value& older, const pvxs::Value& newer);

/** Bytes of the arrays in the marked fields of an update. */
size_t updateBytes(const pvxs::Value& update);

}  // namespace pvaflow
