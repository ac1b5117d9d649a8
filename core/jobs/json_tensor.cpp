#include "core/jobs/json.h"

namespace bs {

namespace {

Json entryJson(const TensorEntry& entry)
{
    return Json{{"name", entry.name},   {"layer", orNull(entry.layer)},
                {"dtype", entry.dtype}, {"shape", entry.shape},
                {"bytes", entry.bytes}, {"blocks", entry.blocks > 0 ? Json(entry.blocks) : Json()}};
}

Json statisticsJson(const TensorStatistics& s)
{
    return Json{{"count", s.count},   {"min", s.min},
                {"max", s.max},       {"mean", s.mean},
                {"std", s.deviation}, {"largest", s.largest},
                {"zeros", s.zeros},   {"not_finite", s.notFinite}};
}

Json histogramJson(const TensorHistogram& h)
{
    return Json{{"lower", h.lower},
                {"upper", h.upper},
                {"below", h.below},
                {"above", h.above},
                {"counts", h.counts}};
}

Json codesJson(const std::vector<CodeCount>& codes)
{
    Json list = Json::array();
    for (const CodeCount& code : codes)
        list.push_back(Json{{"bits", code.bits}, {"count", code.count}});
    return list;
}

Json residualsJson(const std::vector<DepthResidual>& residuals)
{
    Json list = Json::array();
    for (const DepthResidual& r : residuals)
        list.push_back(Json{{"depth", r.depth},
                            {"bytes", r.bytes},
                            {"bits_per_weight", r.bitsPerWeight},
                            {"error", r.error}});
    return list;
}

} // namespace

Json tensorListJson(const std::vector<TensorEntry>& entries,
                    const std::vector<std::pair<std::string, std::string>>& metadata)
{
    Json tensors = Json::array();
    for (const TensorEntry& entry : entries)
        tensors.push_back(entryJson(entry));
    Json keys = Json::array();
    for (const auto& [key, value] : metadata)
        keys.push_back(Json{{"key", key}, {"value", value}});
    return Json{{"tensors", std::move(tensors)}, {"metadata", std::move(keys)}};
}

Json tensorReportJson(const TensorReport& report)
{
    const bool stack = !report.residuals.empty();
    return Json{{"tensor", entryJson(report.tensor)},
                {"statistics", statisticsJson(report.statistics)},
                {"histogram", histogramJson(report.histogram)},
                {"codes", stack ? codesJson(report.codes) : Json(nullptr)},
                {"residuals", stack ? residualsJson(report.residuals) : Json(nullptr)}};
}

} // namespace bs
