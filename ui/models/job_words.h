#pragma once

#include "ui/jobs/job.h"

namespace bs::ui {

/// "Compress demo.gguf", "Measure demo.bitstack": what a list names a job by.
QString jobTitle(const Job& job);
/// "Compressing demo.gguf": the same while it runs.
QString jobDoing(const Job& job);
/// With which settings: "nested, text of its own", "5 sizes, wiki.txt", "GGUF Q8_0, 105.5 MB".
QString jobSettings(const Job& job);
/// "waiting", "running", "stopped".
QString jobStateText(Job::State state);
/// How far it is: phase, share, rate, time left. Empty unless it runs.
QString jobProgressText(const Job& job);
/// What came of it, in one sentence: the result, or why there is none. Empty before its end.
QString jobOutcome(const Job& job);
/// Everything, a line each.
QString jobDetails(const Job& job);

} // namespace bs::ui
