#pragma once
#include <pvxs/data.h>

namespace pvaflow::stream {

/** The channel on which servers on pvAccessCPP and PVXS tell what they are. */
constexpr char kQuestionChannel[] = "server";

/** The request of a call without options. */
pvxs::Value noOptions();

/** What is asked on that channel. */
pvxs::Value serverQuestion();

/**
 * Whether a server of which this is the answer may be asked for a pipeline. Those on pvDatabase (pvaPy's, areaDetector's NDPluginPva) may
 * not: they accept, then send empty and repeated updates, and can die of it. PVXS, which ours and p4p's are too, says so in `version`;
 * pvAccessCPP gives its bare number.
 */
bool keepsToPipelines(const pvxs::Value& answer);

}  // namespace pvaflow::stream
